package dev.hadal.bench.serving;

import dev.hadal.bench.harness.ModelFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one model came to.
 *
 * @param promises in the order they were measured
 */
record Report(ModelFile model, List<Promise> promises) {

  /** A Markdown table. */
  static String table(List<Report> reports) {
    return """
    | model | type | what | beside | measured | comes to | target |
    |---|---|---|---:|---:|---:|---:|
    """
        + reports.stream().map(Report::lines).collect(Collectors.joining("\n"));
  }

  private String lines() {
    return promises.stream().map(p -> p.line(model)).collect(Collectors.joining("\n"));
  }

  List<Map<String, Object>> json() {
    return promises.stream().map(p -> p.json(model)).toList();
  }
}
