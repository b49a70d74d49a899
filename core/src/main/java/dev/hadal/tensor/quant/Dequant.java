package dev.hadal.tensor.quant;

import dev.hadal.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whole rows and tensors of any storage type as floats, block scales of FP8 matrices applied. */
public final class Dequant {
  /** An FP8 scale covers this many rows and columns. */
  public static final int SCALE_BLOCK = 128;

  private Dequant() {}

  /**
   * Row {@code row} of the last dimension, counted over all leading ones, into {@code dst}.
   *
   * @throws IllegalArgumentException if there is no such row or {@code dst} is too short
   */
  public static void decodeRow(Tensor w, long row, float[] dst) {
    decodeRow(w, row, dst, 0);
  }

  /** As {@link #decodeRow(Tensor, long, float[])}, from {@code dst[dstOffset]} on. */
  public static void decodeRow(Tensor w, long row, float[] dst, int dstOffset) {
    int columns = w.rank() == 0 ? 1 : w.dim(-1);
    if (row < 0 || row >= w.rowCount() || dst.length - dstOffset < columns) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "row %d of %s into %d floats", row, w, dst.length - dstOffset));
    }
    Quants.codec(w.dtype()).decode(w.data(), rowOffset(w, row), dst, dstOffset, columns);
    Tensor scale = w.blockScale();
    if (scale != null) {
      scaleRow(scale, row / SCALE_BLOCK, dst, dstOffset, columns);
    }
  }

  /** All numbers, row-major. */
  public static float[] toFloats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
    for (int row = 0; row < tensor.rowCount(); row++) {
      decodeRow(tensor, row, values, row * columns);
    }
    return values;
  }

  private static long rowOffset(Tensor w, long row) {
    if (w.rank() < 2) {
      return 0;
    }
    long rowsPerEntry = w.rowCount() / w.dim(0);
    return row / rowsPerEntry * w.outerStrideBytes() + row % rowsPerEntry * w.rowBytes();
  }

  private static void scaleRow(Tensor scale, long scaleRow, float[] dst, int from, int columns) {
    float[] scales = new float[scale.dim(-1)];
    decodeRow(scale, scaleRow, scales);
    for (int b = 0; b * SCALE_BLOCK < columns; b++) {
      int end = Math.min(columns, (b + 1) * SCALE_BLOCK);
      for (int i = b * SCALE_BLOCK; i < end; i++) {
        dst[from + i] *= scales[b];
      }
    }
  }

  /** The shape that the scales of an FP8 matrix must have, for checks; null if it is no matrix. */
  public static int @Nullable [] scaleShape(int... shape) {
    return shape.length != 2
        ? null
        : new int[] {Math.ceilDiv(shape[0], SCALE_BLOCK), Math.ceilDiv(shape[1], SCALE_BLOCK)};
  }
}
