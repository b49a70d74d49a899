package dev.hadal.bench.compare;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Throughput;
import dev.hadal.format.Checkpoint;
import dev.hadal.model.Architectures;
import dev.hadal.model.Traffic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Two engines on one file, turn by turn. */
final class Duel {
  /** Threads of the one whose turn it is not go to sleep in that time. */
  private static final long BREATH_MILLIS = 100;

  private final LlamaCpp llama;
  private final Options options;

  Duel(LlamaCpp llama, Options options) {
    this.llama = llama;
    this.options = options;
  }

  List<Measurement> fight(Path file, String model, String type) {
    int depth = options.depth();
    int prompt = options.prompt();
    int generate = options.generate();
    int streams = options.streams();
    List<Measurement> results = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(file);
        Backend backend =
            options.backend().isEmpty()
                ? Backends.best(options.threads())
                : Backends.named(options.backend(), options.threads());
        Throughput ours =
            new Throughput(
                Architectures.load(checkpoint),
                backend,
                checkpoint.config().vocabSize(),
                options.contextTokens(),
                streams)) {
      llama.open(file, options.contextTokens(), streams, options.threads());
      ours.fill(depth);
      llama.fill(depth);
      String name = nameOf(file, model);
      String at = depth > 0 ? " @ d" + depth : "";
      String together = streams > 1 ? " x" + streams : "";
      if (prompt > 0) {
        results.add(
            turns(
                name,
                type,
                "pp" + prompt + at,
                prompt,
                0,
                file,
                () -> ours.prefillSeconds(depth, prompt),
                () -> llama.prefillSeconds(depth, prompt)));
      }
      if (generate > 0) {
        results.add(
            turns(
                name,
                type,
                "tg" + generate + together + at,
                generate * streams,
                Traffic.bytesPerStep(checkpoint, streams, depth + generate / 2),
                file,
                () -> ours.decodeSeconds(depth, generate),
                () -> llama.decodeSeconds(depth, generate)));
      }
      llama.closeModel();
    }
    return results;
  }

  /** A shape's name, or a file's without its folder. */
  static String nameOf(Path file, String model) {
    return file.toString().equals(model) ? String.valueOf(file.getFileName()) : model;
  }

  private Measurement turns(
      String model,
      String type,
      String test,
      int tokens,
      long bytesPerStep,
      Path file,
      DoubleSupplier ours,
      DoubleSupplier theirs) {
    List<Double> hadal = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    for (int turn = 0; turn <= options.rounds(); turn++) { // the first warms up
      breathe();
      double a = tokens / ours.getAsDouble();
      breathe();
      double b = tokens / theirs.getAsDouble();
      if (turn > 0) {
        hadal.add(a);
        peer.add(b);
      }
    }
    return new Measurement(
        model,
        type,
        test,
        hadal,
        peer,
        bytesPerStep,
        Mappings.bytesBeside(file),
        llama.bytesBeyondWeights());
  }

  private static void breathe() {
    try {
      Thread.sleep(BREATH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
