package dev.hadal.bench.compare;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.bench.harness.ModelFile;
import dev.hadal.bench.harness.Turns;
import dev.hadal.engine.Throughput;
import dev.hadal.format.Checkpoint;
import dev.hadal.model.Architectures;
import dev.hadal.model.Traffic;
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

  List<Measurement> fight(ModelFile file) {
    int depth = options.depth();
    int prompt = options.prompt();
    int generate = options.generate();
    int streams = options.streams();
    List<Measurement> results = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(file.path());
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
      llama.open(file.path(), options.contextTokens(), streams, options.threads());
      ours.fill(depth);
      llama.fill(depth);
      String at = depth > 0 ? " @ d" + depth : "";
      String together = streams > 1 ? " x" + streams : "";
      if (prompt > 0) {
        results.add(
            turns(
                file,
                "pp" + prompt + at,
                prompt,
                0,
                () -> ours.prefillSeconds(depth, prompt),
                () -> llama.prefillSeconds(depth, prompt)));
      }
      if (generate > 0) {
        results.add(
            turns(
                file,
                "tg" + generate + together + at,
                generate * streams,
                Traffic.bytesPerStep(checkpoint, streams, depth + generate / 2),
                () -> ours.decodeSeconds(depth, generate),
                () -> llama.decodeSeconds(depth, generate)));
      }
      llama.closeModel();
    }
    return results;
  }

  private Measurement turns(
      ModelFile file,
      String test,
      int tokens,
      long bytesPerStep,
      DoubleSupplier ours,
      DoubleSupplier theirs) {
    List<List<Double>> turns =
        Turns.take(
            options.rounds(), List.of(() -> tokens / rested(ours), () -> tokens / rested(theirs)));
    return new Measurement(
        file.name(),
        file.type(),
        test,
        turns.getFirst(),
        turns.getLast(),
        bytesPerStep,
        Mappings.bytesBeside(file.path()),
        llama.bytesBeyondWeights());
  }

  private static double rested(DoubleSupplier side) {
    try {
      Thread.sleep(BREATH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return side.getAsDouble();
  }
}
