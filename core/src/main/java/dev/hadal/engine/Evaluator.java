package dev.hadal.engine;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * What a model thinks of a given text: logits at given places, computed as the engine would,
 * through the cache and in chunks. For verification and scoring. Owned by one thread.
 */
public final class Evaluator {
  private final Model model;
  private final Backend backend;
  private final int chunk;

  /**
   * @param chunk most tokens a forward pass sees; 1 decodes token by token
   */
  public Evaluator(Model model, Backend backend, int chunk) {
    this.model = model;
    this.backend = backend;
    this.chunk = chunk;
  }

  /** Logits after each of the given positions of a text, in the order given. */
  public float[][] logits(int[] tokens, int[] positions) {
    return logits(tokens, positions, done -> {});
  }

  /**
   * As above.
   *
   * @param progress told how many tokens are done, after every chunk
   * @throws IllegalArgumentException if a position is outside the text
   */
  public float[][] logits(int[] tokens, int[] positions, IntConsumer progress) {
    for (int position : positions) {
      if (position < 0 || position >= tokens.length) {
        throw new IllegalArgumentException(
            "position " + position + " is outside the text of " + tokens.length + " tokens");
      }
    }
    float[][] logits = new float[positions.length][];
    int blocks = KvCache.blocksFor(tokens.length);
    int[] table = IntStream.range(0, blocks).toArray();
    try (KvCache cache = new KvCache(model.cacheSpec(), blocks);
        Scratch scratch = new Scratch()) {
      Ops ops = new Ops(backend.kernels(), scratch);
      Arrays.stream(table).forEach(cache::reserve);
      for (int from = 0; from < tokens.length; from += chunk) {
        int start = from;
        int to = Math.min(tokens.length, from + chunk);
        int[] wanted =
            IntStream.range(0, positions.length)
                .filter(i -> positions[i] >= start && positions[i] < to)
                .toArray();
        int[] rows = Arrays.stream(wanted).map(i -> positions[i] - start).toArray();
        Batch batch =
            new Batch(
                Arrays.copyOfRange(tokens, start, to),
                IntStream.range(start, to).toArray(),
                List.of(new Batch.Span(0, to - start, start, table)),
                rows,
                Optional.of(cache));
        scratch.reset();
        Tensor logits_RV = model.forward(ops, batch);
        for (int r = 0; r < rows.length; r++) {
          float[] row = new float[logits_RV.dim(1)];
          MemorySegment.copy(
              logits_RV.data(),
              Tensor.FLOAT,
              (long) r * row.length * Float.BYTES,
              row,
              0,
              row.length);
          logits[wanted[r]] = row;
        }
        progress.accept(to);
      }
    }
    return logits;
  }

  /** Logits to probabilities, in double. */
  public static double[] softmax(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
