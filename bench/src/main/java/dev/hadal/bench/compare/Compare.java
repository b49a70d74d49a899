package dev.hadal.bench.compare;

import dev.hadal.bench.harness.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
      ModelFile.each(
          options.models(),
          options.types(),
          file -> {
            List<Measurement> fought = new Duel(llama, options).fight(file);
            System.err.println(Report.lines(fought));
            all.addAll(fought);
            if (options.depth() == 0 && options.streams() == 1) {
              FirstToken first = FirstToken.measure(file, options);
              System.err.println(first.line());
              firsts.add(first);
            }
          });
    }
    System.out.println(Report.table(all));
    if (!firsts.isEmpty()) {
      System.out.println("\n" + FirstToken.table(firsts));
    }
    Path written = Report.write(project, options, all, firsts);
    System.err.println("written to " + project.relativize(written));
  }
}
