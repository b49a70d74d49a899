package dev.hadal.bench.compare;

import dev.hadal.bench.harness.ResultsFile;
import dev.hadal.bench.harness.Turns;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, for people and for later. */
final class Report {
  private Report() {}

  /** A Markdown table. */
  static String table(List<Measurement> measurements) {
    return """
    | model | type | test | Hadal t/s | llama.cpp t/s | ratio | memory beyond the weights, MiB |
    |---|---|---|---:|---:|---:|---:|
    """
        + lines(measurements);
  }

  static String lines(List<Measurement> measurements) {
    return measurements.stream()
        .map(m ->
            String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.1f | %.1f | **%.2f** | %d / %d |",
                m.model(),
                m.type(),
                m.test(),
                Turns.median(m.hadal()),
                Turns.median(m.llama()),
                m.ratio(),
                m.beyondWeights() >> 20,
                m.llamaBeyondWeights() >> 20))
        .collect(Collectors.joining("\n"));
  }

  /** Writes {@code bench/results/TIME-COMMIT.json}. */
  static Path write(
      Path project, Options options, List<Measurement> measurements, List<FirstToken> firsts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("llama_cpp", peer(project));
    json.put("results", measurements.stream().map(Measurement::json).toList());
    json.put("first_tokens", firsts.stream().map(FirstToken::json).toList());
    return ResultsFile.write(project, options.threads(), json);
  }

  private static String peer(Path project) {
    Path json = project.resolve("bench/peers/package.json");
    return JsonMapper.shared().readTree(json).required("dependencies").toString();
  }
}
