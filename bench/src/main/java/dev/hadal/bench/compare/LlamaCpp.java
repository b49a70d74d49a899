package dev.hadal.bench.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * llama.cpp in a process of its own ({@code bench/peers/llama.mjs serve}): a request a line, an
 * answer a line. Owned by one thread.
 */
final class LlamaCpp implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private LlamaCpp(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * @param project the folder that has {@code bench/peers}, its packages installed
   */
  static LlamaCpp start(Path project) {
    Path peers = project.resolve("bench/peers");
    if (!Files.isDirectory(peers.resolve("node_modules"))) {
      throw new IllegalStateException(
          "llama.cpp is not installed: 'npm ci --ignore-scripts' in " + peers + " brings it");
    }
    try {
      return new LlamaCpp(
          new ProcessBuilder("node", "llama.mjs", "serve")
              .directory(peers.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("Node 20 or newer is needed", e);
    }
  }

  /** Probabilities of every token after each of the positions. */
  double[][] probabilities(Path model, int[] tokens, int[] positions) {
    JsonNode answer =
        ask(
            Map.of(
                "do",
                "probabilities",
                "model",
                model.toString(),
                "tokens",
                tokens,
                "positions",
                positions));
    return Arrays.stream(positions)
        .mapToObj(p -> JSON.convertValue(answer.required(String.valueOf(p)), double[].class))
        .toArray(double[][]::new);
  }

  /**
   * Opens a model to be measured; seconds it took.
   *
   * @param contextTokens of each stream
   */
  double open(Path model, int contextTokens, int streams, int threads) {
    return seconds(
        Map.of(
            "do",
            "open",
            "model",
            model.toString(),
            "size",
            contextTokens,
            "streams",
            streams,
            "threads",
            threads));
  }

  void fill(int depth) {
    ask(Map.of("do", "fill", "depth", depth));
  }

  double prefillSeconds(int depth, int tokens) {
    return seconds(Map.of("do", "prefill", "depth", depth, "tokens", tokens));
  }

  double decodeSeconds(int depth, int tokens) {
    return seconds(Map.of("do", "decode", "depth", depth, "tokens", tokens));
  }

  /** Bytes it holds beyond the open model's file. */
  long bytesBeyondWeights() {
    return ask(Map.of("do", "memory")).path("beyondWeights").asLong(0);
  }

  /** Closes the open model. */
  void closeModel() {
    ask(Map.of("do", "close"));
  }

  private double seconds(Map<String, ?> request) {
    return ask(request).required("seconds").asDouble();
  }

  private JsonNode ask(Map<String, ?> request) {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("llama.cpp ended on " + request.get("do") + "; see above");
      }
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
