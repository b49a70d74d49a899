package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A model that always says the next number: after token n comes n + 1, wrapping at the vocabulary's
 * end. Remembers what it was asked.
 */
final class CountingModel implements Model {
  static final int VOCABULARY = 10;

  private final List<Batch> batches = new ArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /**
   * Nothing is computed from now on until the gate opens: what is asked meanwhile comes together.
   */
  void waitFor(CountDownLatch gate) {
    this.gate = gate;
  }

  @Override
  public Tensor hidden(Ops ops, Batch batch) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    batches.add(batch);
    int[] rows = batch.outputRows();
    float[] logits = new float[rows.length * VOCABULARY];
    for (int r = 0; r < rows.length; r++) {
      logits[r * VOCABULARY + (batch.tokens()[rows[r]] + 1) % VOCABULARY] = 10;
    }
    return Tensor.of(logits, rows.length, VOCABULARY);
  }

  @Override
  public Tensor logits(Ops ops, Tensor hidden_RD) {
    return hidden_RD;
  }

  @Override
  public List<CacheSpec> cacheSpec() {
    return List.of(new CacheSpec.Full(1, 4));
  }

  /** Every batch so far. Read it after the streams have ended. */
  List<Batch> batches() {
    return batches;
  }
}
