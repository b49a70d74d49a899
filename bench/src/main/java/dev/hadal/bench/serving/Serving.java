package dev.hadal.bench.serving;

import dev.hadal.bench.harness.Arguments;
import dev.hadal.bench.harness.ModelFile;
import dev.hadal.bench.harness.ResultsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What serving promises, measured: the server beside the bare engine, a prompt's beginning that is
 * known, the gap between tokens beside long prompts, answers held to a form, many streams. All in
 * turns in one process, on one engine; what counts is the median of the ratios of neighbouring
 * turns.
 *
 * <pre>
 * bench/serving [SHAPE | MODEL.gguf]... [--type q8_0,q4_0] [-r 5] [-t 2] [--backend NAME]
 * </pre>
 *
 * <p>Results go to {@code bench/results}, as JSON with machine and commit; the table on the
 * standard output says the target of each.
 */
public final class Serving {
  private static final List<BiFunction<ServedModel, Options, List<Promise>>> ALL =
      List.of(
          ServerOverhead::measure,
          RepeatedPrefix::measure,
          GapBesidePrefill::measure,
          StructuredOutput::measure,
          ManyStreams::measure);

  private Serving() {}

  /** Measures what the arguments name, by default the shape of Qwen2.5 0.5B in Q8_0. */
  public static void main(String[] args) {
    Options options = Options.of(args);
    warmUp(options);
    List<Report> reports = new ArrayList<>();
    ModelFile.each(options.models(), options.types(), file -> reports.add(measure(file, options)));
    System.out.println(Report.table(reports));
    Path project = Arguments.project();
    Path written =
        ResultsFile.write(
            project,
            options.threads(),
            Map.of("serving", reports.stream().flatMap(r -> r.json().stream()).toList()));
    System.err.println("written to " + project.relativize(written));
  }

  /** Thousands of tokens of a tiny model: the server's code is compiled as in one that runs. */
  private static void warmUp(Options options) {
    ModelFile.each(
        List.of("tiny-llama"),
        List.of("q8_0"),
        file -> {
          try (ServedModel model = ServedModel.open(file.path(), options)) {
            ServerOverhead.measure(model, options);
          }
        });
  }

  static Report measure(ModelFile file, Options options) {
    List<Promise> promises = new ArrayList<>();
    try (ServedModel model = ServedModel.open(file.path(), options)) {
      for (var part : ALL) {
        List<Promise> measured = part.apply(model, options);
        measured.forEach(promise -> System.err.println(promise.line(file)));
        promises.addAll(measured);
      }
    }
    return new Report(file, promises);
  }
}
