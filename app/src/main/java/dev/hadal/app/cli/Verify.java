package dev.hadal.app.cli;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.model.Architectures;
import dev.hadal.model.Model;
import dev.hadal.model.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a model's probabilities with a reference's: the proof for anyone who has one. */
@Command(
    name = "verify",
    header = "Checks a model against probabilities that another engine computed.",
    description = {
      "%nVECTOR.json holds a model's name (beside it), a text and the reference's probabilities of"
          + " the next token after some positions (counted from 0):",
      "",
      "  {\"model\": \"x.gguf\", \"tokens\": [1, 5, 7], \"next_token_probabilities\":"
          + " {\"2\": [0.1, 0.7, 0.2]}}",
      "",
      "or, instead of a model, a 'config' and a 'seed' from which random weights are made. Exit"
          + " code 0: within tolerance; 1: beyond it; 2: could not be computed.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal verify qwen3.json",
      "  hadal verify qwen3.json --model qwen3.Q8_0.gguf --kl 5e-3",
      "  hadal verify qwen3.json --backend reference --tolerance 1e-5"
    })
final class Verify implements Callable<Integer> {
  private static final double TOLERANCE = 3e-4;
  private static final int CHUNK = 512;

  private final Io io;

  @Parameters(index = "0", paramLabel = "VECTOR.json", description = "The reference's numbers.")
  private String file = "";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model to check, instead of the one that the vector names.")
  private @Nullable String named;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Largest difference of a probability that passes; 3e-4 unless only --kl is given.")
  private @Nullable Double tolerance;

  @Option(
      names = "--kl",
      paramLabel = "X",
      description = "Largest Kullback-Leibler divergence that passes.")
  private @Nullable Double kl;

  @Option(names = "--backend", paramLabel = "NAME", description = "What computes.")
  private String backend = "";

  Verify(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    Reference vector = Reference.read(io, file);
    try (Checkpoint checkpoint = checkpoint(vector);
        Backend machine = backend.isEmpty() ? Backends.best() : Backends.named(backend)) {
      Model model = Architectures.load(checkpoint);
      float[][] logits;
      try (Progress progress = new Progress(io, "computing")) {
        logits =
            new Evaluator(model, machine, CHUNK)
                .logits(
                    vector.tokens(),
                    vector.positions(),
                    done -> progress.update(done, vector.tokens().length));
      }
      return judge(vector, logits, checkpoint.source().getFileName() + " on " + machine.name());
    }
  }

  private Checkpoint checkpoint(Reference vector) throws IOException {
    if (named != null) {
      return Checkpoint.open(Models.resolve(named));
    }
    Object seed = vector.seed();
    Map<String, Object> config = vector.config();
    if (seed instanceof Number number && config != null) {
      return new RandomCheckpoint(Config.of(config, file), number.longValue());
    }
    if (vector.model() == null) {
      throw new IllegalArgumentException(
          file + ": it names no 'model' and has no 'config' with a 'seed'; --model FILE names one");
    }
    Path beside = Path.of(file).toAbsolutePath().resolveSibling(vector.model());
    return Checkpoint.open(Models.resolve(beside.toString()));
  }

  private int judge(Reference vector, float[][] logits, String what) {
    io.out().println("position  largest difference   at token  KL divergence");
    Difference worst = Difference.NONE;
    double worstKl = 0;
    for (int i = 0; i < logits.length; i++) {
      double[] expected = vector.probabilities().get(i);
      if (expected.length != logits[i].length) {
        throw new IllegalArgumentException(
            "%s: %,d probabilities at position %d, the model has a vocabulary of %,d; is it another model's?"
                .formatted(file, expected.length, vector.positions()[i], logits[i].length));
      }
      double[] found = Evaluator.softmax(logits[i]);
      Difference difference = Difference.between(expected, found);
      double divergence = divergence(expected, found);
      io.out()
          .printf(
              Locale.ROOT,
              "%8d  %18.2e  %11d  %13.2e%n",
              vector.positions()[i],
              difference.size(),
              difference.token(),
              divergence);
      worst = difference.exceeds(worst) ? difference : worst;
      worstKl = Double.isNaN(divergence) ? divergence : Math.max(worstKl, divergence);
    }
    return verdict(what, worst.size(), worstKl);
  }

  private int verdict(String what, double difference, double divergence) {
    Double limit = tolerance == null && kl == null ? Double.valueOf(TOLERANCE) : tolerance;
    boolean close = limit == null || difference <= limit;
    boolean alike = kl == null || divergence <= kl;
    String judged =
        (limit == null ? "" : part("difference", difference, limit, close))
            + (limit == null || kl == null ? "" : ", ")
            + (kl == null ? "" : part("KL divergence", divergence, kl, alike));
    io.out().println(io.bold(close && alike ? "PASS" : "FAIL") + "  " + what + ": " + judged);
    return close && alike ? 0 : 1;
  }

  private static String part(String name, double found, double limit, boolean holds) {
    return String.format(
        Locale.ROOT, "%s %.2e is %s %.2e", name, found, holds ? "within" : "beyond", limit);
  }

  /** sum_i p_i log(p_i / q_i), in nats; p is a rounded distribution and made to sum to 1. */
  static double divergence(double[] p, double[] q) {
    double total = Arrays.stream(p).sum();
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        sum += p[i] / total * Math.log(p[i] / total / Math.max(q[i], Double.MIN_NORMAL));
      }
    }
    return sum;
  }

  /**
   * The largest difference of two distributions.
   *
   * @param size NaN where the model gave one
   */
  private record Difference(double size, int token) {
    static final Difference NONE = new Difference(0, 0);

    static Difference between(double[] expected, double[] found) {
      Difference worst = NONE;
      for (int i = 0; i < expected.length; i++) {
        Difference here = new Difference(Math.abs(expected[i] - found[i]), i);
        worst = here.exceeds(worst) ? here : worst;
      }
      return worst;
    }

    boolean exceeds(Difference other) {
      return Double.isNaN(size) || size > other.size;
    }
  }
}
