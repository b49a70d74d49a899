package dev.hadal.bench.compare;

import dev.hadal.bench.harness.ModelFile;
import dev.hadal.bench.harness.Turns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long each side takes from opening a file to its first token after a prompt of 16: fresh
 * processes in turn, the file in the page cache, and what a process costs before the file is opened
 * told apart.
 *
 * <p>Both load the vocabulary with the model and make a context of 512 tokens. Hadal also encodes
 * its prompt; llama.cpp is given as many ids.
 */
record FirstToken(String model, String type, List<Turn> turns) {
  private static final int CONTEXT = 512;
  private static final String PROMPT = "abcdefghijklmno"; // with the beginning of text, 16 bytes

  /**
   * One turn of each side, in seconds.
   *
   * @param hadal from the file's opening
   * @param hadalProcess from the process's start
   */
  record Turn(double hadal, double llama, double hadalProcess, double llamaProcess) {}

  static FirstToken measure(ModelFile file, Options options) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i <= options.rounds(); i++) { // the first brings the file into the page cache
      Answer hadal = hadal(file.path(), options);
      int tokens = hadal.json.at("/usage/prompt_tokens").asInt();
      Answer llama = llama(file.path(), tokens, options);
      if (i > 0) {
        JsonNode timings = hadal.json.required("timings");
        turns.add(
            new Turn(
                (timings.required("load_ms").asDouble() + timings.required("prompt_ms").asDouble())
                    / 1e3,
                llama.json.required("seconds").asDouble(),
                hadal.seconds,
                llama.seconds));
      }
    }
    return new FirstToken(file.name(), file.type(), turns);
  }

  private static Answer hadal(Path file, Options options) {
    List<String> command = new ArrayList<>();
    command.add(options.project().resolve("hadal").toString());
    command.addAll(List.of("run", file.toString(), PROMPT, "--raw", "--max-tokens", "1", "--json"));
    command.addAll(List.of("--context", String.valueOf(CONTEXT)));
    command.addAll(List.of("--threads", String.valueOf(options.threads())));
    if (!options.backend().isEmpty()) {
      command.addAll(List.of("--backend", options.backend()));
    }
    return ask(command);
  }

  private static Answer llama(Path file, int tokens, Options options) {
    return ask(
        List.of(
            "node",
            options.project().resolve("bench/peers/llama.mjs").toString(),
            "first",
            file.toString(),
            "-p",
            String.valueOf(tokens),
            "-c",
            String.valueOf(CONTEXT),
            "-t",
            String.valueOf(options.threads())));
  }

  /** A process's line, and the seconds from its start. */
  private record Answer(JsonNode json, double seconds) {}

  private static Answer ask(List<String> command) {
    long start = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        String line = out.readLine();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (line == null) {
          throw new IllegalStateException(String.join(" ", command) + " said nothing; see above");
        }
        process.waitFor();
        return new Answer(JsonMapper.shared().readTree(line), seconds);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
    }
  }

  /** The median of Hadal's time over llama.cpp's, from the file's opening. */
  double ratio() {
    return Turns.median(turns.stream().map(turn -> turn.hadal / turn.llama).toList());
  }

  /** The same from the process's start. */
  double processRatio() {
    return Turns.median(turns.stream().map(turn -> turn.hadalProcess / turn.llamaProcess).toList());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model);
    json.put("type", type);
    json.put("hadal_load_to_first_token_seconds", turns.stream().map(Turn::hadal).toList());
    json.put("llama_load_to_first_token_seconds", turns.stream().map(Turn::llama).toList());
    json.put("time_ratio", ratio());
    json.put("hadal_process_seconds", turns.stream().map(Turn::hadalProcess).toList());
    json.put("llama_process_seconds", turns.stream().map(Turn::llamaProcess).toList());
    json.put("process_time_ratio", processRatio());
    return json;
  }

  /** A Markdown table. */
  static String table(List<FirstToken> all) {
    return """
    | model | type | load to first token, s: Hadal | llama.cpp | of its time | with the process, s: Hadal | llama.cpp | of its time |
    |---|---|---:|---:|---:|---:|---:|---:|
    """
        + all.stream().map(FirstToken::line).collect(Collectors.joining("\n"));
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f | %.2f | **%.2f** | %.2f | %.2f | **%.2f** |",
        model,
        type,
        Turns.median(turns.stream().map(Turn::hadal).toList()),
        Turns.median(turns.stream().map(Turn::llama).toList()),
        ratio(),
        Turns.median(turns.stream().map(Turn::hadalProcess).toList()),
        Turns.median(turns.stream().map(Turn::llamaProcess).toList()),
        processRatio());
  }
}
