package dev.hadal.backend.jit;

import dev.hadal.backend.simd.OnlineSoftmax;
import dev.hadal.backend.simd.Worker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What attention computes with, for each worker: machine code where there is some for the sizes,
 * else plain Java. {@link #ready} makes code before workers ask for it.
 */
final class Softmaxes implements OnlineSoftmax.Source, AutoCloseable {
  private record Known(int keyDim, int valueDim, @Nullable AttentionCode code) {}

  private final Machine machine;
  private final List<Known> known = new ArrayList<>(); // a model has one size or two
  private final QuadSoftmax[] ofWorkers;

  Softmaxes(Machine machine, int workers) {
    this.machine = machine;
    ofWorkers = new QuadSoftmax[workers];
    for (int i = 0; i < workers; i++) {
      ofWorkers[i] = new QuadSoftmax();
    }
  }

  /** Between calls only. */
  void ready(int keyDim, int valueDim) {
    if (find(keyDim, valueDim) == null) {
      known.add(new Known(keyDim, valueDim, machine.attention(keyDim, valueDim)));
    }
  }

  @Override
  public OnlineSoftmax of(Worker worker, int keyDim, int valueDim) {
    Known sizes = find(keyDim, valueDim);
    AttentionCode code = sizes == null ? null : sizes.code;
    return code == null
        ? ON_VECTORS.of(worker, keyDim, valueDim)
        : ofWorkers[worker.number()].with(code);
  }

  private @Nullable Known find(int keyDim, int valueDim) {
    for (int i = 0; i < known.size(); i++) {
      Known sizes = known.get(i);
      if (sizes.keyDim == keyDim && sizes.valueDim == valueDim) {
        return sizes;
      }
    }
    return null;
  }

  @Override
  public void close() {
    for (QuadSoftmax softmax : ofWorkers) {
      softmax.close();
    }
  }
}
