package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.quant.Quants;

final class Q4_0Rows {
  static void prepare(Activations x) {}

  static void multiply(long w, long rowBytes, int rows, Activations x, float[] c) {
    float[] row = new float[x.inputs];
    for (int r = 0; r < rows; r++) {
      unpack(w + r * rowBytes, row, 0, x.inputs);
      c[r] = FloatRows.dot(row, 0, x.values, x.base, x.inputs);
    }
  }

  static void unpack(long w, float[] to, int at, int count) {
    Quants.codec(DType.Q4_0).decode(Memory.ALL, w, to, at, count);
  }
}
