package dev.hadal.bench.compare;

import dev.hadal.format.Config;
import dev.hadal.format.Progress;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Hadal beside llama.cpp, end to end: for every model and type the two take turns on the same file,
 * and what counts is the median of the ratios of neighbouring turns, since the machine's own speed
 * wanders.
 *
 * <pre>
 * bench/compare [SHAPE | MODEL.gguf]... [--type q8_0,q4_0] [-p 512] [-n 64] [-d 0] [-r 5] [-t 2] [--backend NAME]
 * </pre>
 *
 * <p>Results go to {@code bench/results}, as JSON with machine and commit; the table on the
 * standard output is for the README.
 */
public final class Compare {
  private Compare() {}

  /** Measures what the arguments name, by default the four shapes of the README in Q8_0. */
  public static void main(String[] args) {
    Options options = Options.of(args);
    Path project = options.project();
    List<Measurement> all = new ArrayList<>();
    try (LlamaCpp llama = LlamaCpp.start(project)) {
      for (String model : options.models()) {
        for (String type : model.endsWith(".gguf") ? List.of("") : options.types()) {
          all.addAll(
              withFile(model, type, file -> new Duel(llama, options).fight(file, model, type)));
          System.err.println(Report.lines(all.subList(Math.max(0, all.size() - 2), all.size())));
        }
      }
    }
    System.out.println(Report.table(all));
    Path written = Report.write(project, options, all);
    System.err.println("written to " + project.relativize(written));
  }

  private interface Use {
    List<Measurement> of(Path file);
  }

  /** A model of random weights lives as long as it is measured. */
  private static List<Measurement> withFile(String model, String type, Use use) {
    if (model.endsWith(".gguf")) {
      return use.of(Path.of(model));
    }
    try {
      Path file = Files.createTempFile("hadal-" + model + "-" + type, ".gguf");
      try {
        Config config = Shapes.named(model);
        System.err.println("writing " + model + " in " + type);
        Quantizer.quantize(
            new RandomCheckpoint(config, 1), file, QuantType.of(type), Progress.NONE);
        return use.of(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
