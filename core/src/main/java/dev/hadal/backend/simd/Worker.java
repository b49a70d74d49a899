package dev.hadal.backend.simd;

import java.util.Arrays;

/** What one thread of the pool owns: arrays that grow to what was ever asked and stay. */
public final class Worker {
  /** A chunk of outputs, see {@link Gemm}. */
  static final int OUTPUTS = 0;

  /** The second chunk of outputs, where two are made at once. */
  static final int MORE_OUTPUTS = 1;

  /** Unpacked weights. */
  static final int PANEL = 2;

  /** Free for the kernel that runs. */
  static final int FIRST_OWN = 3;

  /** Attention's state on vectors. */
  final VectorSoftmax softmax = new VectorSoftmax();

  /** What attention's rows saw of the keys so far. */
  final PartialResults partial = new PartialResults();

  /** Inputs of a product that one worker makes alone. */
  final Activations activations = new Activations();

  /** A matrix that one worker reads alone. */
  final Weight weight = new Weight();

  private final float[][] arrays = new float[FIRST_OWN + 8][];

  private final int number;

  Worker(int number) {
    this.number = number;
    Arrays.fill(arrays, new float[0]);
  }

  /** Which of the pool's threads it is: 0 to width - 1. */
  public int number() {
    return number;
  }

  /** At least {@code length} floats and a vector more, contents left over. */
  float[] floats(int slot, int length) {
    float[] kept = arrays[slot];
    if (kept.length < length + Lanes.COUNT) {
      kept = new float[length + Lanes.COUNT];
      arrays[slot] = kept;
    }
    return kept;
  }
}
