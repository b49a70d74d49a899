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
import java.util.function.Consumer;

/**
 * Hadal beside llama.cpp, end to end: for every model and type the two take turns on the same file,
 * and what counts is the median of the ratios of neighbouring turns, since the machine's own speed
 * wanders.
 *
 * <pre>
 * bench/compare [SHAPE | MODEL.gguf]... [--type q8_0,q4_0] [-p 512] [-n 64] [-d 0] [-b 1] [-r 5] [-t 2] [--backend NAME]
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
    List<FirstToken> firsts = new ArrayList<>();
    try (LlamaCpp llama = LlamaCpp.start(project)) {
      for (String model : options.models()) {
        for (String type : model.endsWith(".gguf") ? List.of("") : options.types()) {
          withFile(
              model,
              type,
              file -> {
                List<Measurement> fought = new Duel(llama, options).fight(file, model, type);
                System.err.println(Report.lines(fought));
                all.addAll(fought);
                if (options.depth() == 0 && options.streams() == 1) {
                  FirstToken first = FirstToken.measure(file, model, type, options);
                  System.err.println(first.line());
                  firsts.add(first);
                }
              });
        }
      }
    }
    System.out.println(Report.table(all));
    if (!firsts.isEmpty()) {
      System.out.println("\n" + FirstToken.table(firsts));
    }
    Path written = Report.write(project, options, all, firsts);
    System.err.println("written to " + project.relativize(written));
  }

  /** A model of random weights lives as long as it is measured. */
  private static void withFile(String model, String type, Consumer<Path> use) {
    if (model.endsWith(".gguf")) {
      use.accept(Path.of(model));
      return;
    }
    try {
      Path file = Files.createTempFile("hadal-" + model + "-" + type, ".gguf");
      try {
        Config config = Shapes.named(model);
        System.err.println("writing " + model + " in " + type);
        Quantizer.quantize(
            new RandomCheckpoint(config, 1), file, QuantType.of(type), Progress.NONE);
        System.gc(); // what writing took is not what running takes
        use.accept(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
