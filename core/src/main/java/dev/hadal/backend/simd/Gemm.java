package dev.hadal.backend.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A chunk of rows of a weight matrix times activations: c_rt = w_r . x_t.
 *
 * <p>Many activations: rows are unpacked K_BLOCK inputs at a time into a panel that stays in the
 * cache, then multiplied in tiles of six rows by two vectors of activations. Few: each row is
 * unpacked once and multiplied with each. One: the types' own kernels, which never leave registers.
 */
final class Gemm {
  /** Rows of a tile. */
  static final int TILE_ROWS = 6;

  /** Most rows of a chunk: the panel (24 KB) and a tile of activations share the first cache. */
  static final int CHUNK_ROWS = 24;

  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  private Gemm() {}

  /** How many rows a chunk takes so that every worker gets several. */
  static int chunkRows(Weight w, Activations x, int width) {
    if (x.many()) {
      int share = w.outputs / (4 * width) / TILE_ROWS * TILE_ROWS;
      return Math.clamp(share, TILE_ROWS, CHUNK_ROWS);
    }
    long rows = Math.min(CHUNK_BYTES / Math.max(1, w.rowBytes), w.outputs / (4L * width));
    return Math.clamp(rows / 4 * 4, 4, 256);
  }

  // A unit of decoding: long enough (10 us) to be worth taking, short enough to share out evenly.
  private static final long CHUNK_BYTES = 128 << 10;

  /** Floats that {@link #multiply} writes for a chunk of {@code rows}. */
  static int outputSize(int rows, Activations x) {
    return x.many() ? (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS * x.padded() : rows * x.count;
  }

  /** From one row's outputs to the next in what {@link #multiply} writes. */
  static int outputStride(Activations x) {
    return x.many() ? x.padded() : x.count;
  }

  /** Rows {@code from} to {@code from + rows} times all activations. */
  static void multiply(Weight w, int from, int rows, Activations x, float[] c, Worker worker) {
    if (x.many()) {
      many(w, from, rows, x, c, worker);
    } else if (x.single() && one(w, from, rows, x, c)) {
      return;
    } else {
      few(w, from, rows, x, c, worker);
    }
  }

  private static boolean one(Weight w, int from, int rows, Activations x, float[] c) {
    switch (w.type) {
      case F32 -> FloatRows.f32(w.row(from), w.rowBytes, rows, x.values, x.base, w.inputs, c);
      case Q8_0 -> Q8_0Rows.multiply(w.row(from), w.rowBytes, rows, x, c);
      case Q4_0 -> Q4_0Rows.multiply(w.row(from), w.rowBytes, rows, x, c);
      case Q4_K -> Q4_KRows.multiply(w.row(from), w.rowBytes, rows, x, c);
      case Q6_K -> Q6_KRows.multiply(w.row(from), w.rowBytes, rows, x, c);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void few(Weight w, int from, int rows, Activations x, float[] c, Worker worker) {
    int inputs = w.inputs;
    int step = Math.min(inputs, 2048); // 8 KB: unpacked numbers are read back from the first cache
    float[] panel = worker.floats(Worker.PANEL, step);
    int count = x.count;
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < inputs; k += step) {
        int length = Math.min(step, inputs - k);
        w.unpack(from + r, k, length, panel, 0);
        for (int t = 0; t < count; t++) {
          float sum = FloatRows.dot(panel, 0, x.values, x.base + t * inputs + k, length);
          c[r * count + t] = k == 0 ? sum : c[r * count + t] + sum;
        }
      }
    }
  }

  private static void many(Weight w, int from, int rows, Activations x, float[] c, Worker worker) {
    int padded = (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    int stride = x.padded();
    float[] panel = worker.floats(Worker.PANEL, padded * Activations.K_BLOCK);
    Arrays.fill(c, 0, padded * stride, 0);
    for (int block = 0; block * Activations.K_BLOCK < w.inputs; block++) {
      int k = block * Activations.K_BLOCK;
      int length = Math.min(Activations.K_BLOCK, w.inputs - k);
      for (int r = 0; r < rows; r++) {
        w.unpack(from + r, k, length, panel, r * length);
      }
      Arrays.fill(panel, rows * length, padded * length, 0);
      for (int tile = 0; tile < x.tiles(); tile++) {
        int xAt = x.tileAt(block, tile, length);
        int cAt = tile * Activations.TILE;
        if (x.count - cAt > LANES) {
          for (int r = 0; r < padded; r += TILE_ROWS) {
            tile6x2(
                panel,
                r * length,
                length,
                x.values,
                xAt,
                Activations.TILE,
                c,
                r * stride + cAt,
                stride,
                length);
          }
        } else {
          for (int r = 0; r < padded; r += TILE_ROWS) {
            tile6x1(
                panel,
                r * length,
                length,
                x.values,
                xAt,
                Activations.TILE,
                c,
                r * stride + cAt,
                stride,
                length);
          }
        }
      }
    }
  }

  // Six rows by two vectors: twelve sums, two activations and one weight are fifteen of the sixteen
  // registers that 256-bit machines have, and eight loads feed twelve multiply-adds. Measured at
  // 256 bits: 92 of 109 GFLOPS a core; a tile of dot products (4 x 3, both along K) gave 38, since
  // the compiler unrolls it and spills.
  static void tile6x2(
      float[] w,
      int wAt,
      int wStride,
      float[] x,
      int xAt,
      int xStride,
      float[] c,
      int cAt,
      int cStride,
      int length) {
    int w0 = wAt;
    int w1 = w0 + wStride;
    int w2 = w1 + wStride;
    int w3 = w2 + wStride;
    int w4 = w3 + wStride;
    int w5 = w4 + wStride;
    int c0 = cAt;
    int c1 = c0 + cStride;
    int c2 = c1 + cStride;
    int c3 = c2 + cStride;
    int c4 = c3 + cStride;
    int c5 = c4 + cStride;
    FloatVector a0 = FloatVector.fromArray(FLOATS, c, c0);
    FloatVector b0 = FloatVector.fromArray(FLOATS, c, c0 + LANES);
    FloatVector a1 = FloatVector.fromArray(FLOATS, c, c1);
    FloatVector b1 = FloatVector.fromArray(FLOATS, c, c1 + LANES);
    FloatVector a2 = FloatVector.fromArray(FLOATS, c, c2);
    FloatVector b2 = FloatVector.fromArray(FLOATS, c, c2 + LANES);
    FloatVector a3 = FloatVector.fromArray(FLOATS, c, c3);
    FloatVector b3 = FloatVector.fromArray(FLOATS, c, c3 + LANES);
    FloatVector a4 = FloatVector.fromArray(FLOATS, c, c4);
    FloatVector b4 = FloatVector.fromArray(FLOATS, c, c4 + LANES);
    FloatVector a5 = FloatVector.fromArray(FLOATS, c, c5);
    FloatVector b5 = FloatVector.fromArray(FLOATS, c, c5 + LANES);
    for (int k = 0; k < length; k++) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, xAt + k * xStride);
      FloatVector b = FloatVector.fromArray(FLOATS, x, xAt + k * xStride + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, w[w0 + k]);
      a0 = v.fma(a, a0);
      b0 = v.fma(b, b0);
      v = FloatVector.broadcast(FLOATS, w[w1 + k]);
      a1 = v.fma(a, a1);
      b1 = v.fma(b, b1);
      v = FloatVector.broadcast(FLOATS, w[w2 + k]);
      a2 = v.fma(a, a2);
      b2 = v.fma(b, b2);
      v = FloatVector.broadcast(FLOATS, w[w3 + k]);
      a3 = v.fma(a, a3);
      b3 = v.fma(b, b3);
      v = FloatVector.broadcast(FLOATS, w[w4 + k]);
      a4 = v.fma(a, a4);
      b4 = v.fma(b, b4);
      v = FloatVector.broadcast(FLOATS, w[w5 + k]);
      a5 = v.fma(a, a5);
      b5 = v.fma(b, b5);
    }
    a0.intoArray(c, c0);
    b0.intoArray(c, c0 + LANES);
    a1.intoArray(c, c1);
    b1.intoArray(c, c1 + LANES);
    a2.intoArray(c, c2);
    b2.intoArray(c, c2 + LANES);
    a3.intoArray(c, c3);
    b3.intoArray(c, c3 + LANES);
    a4.intoArray(c, c4);
    b4.intoArray(c, c4 + LANES);
    a5.intoArray(c, c5);
    b5.intoArray(c, c5 + LANES);
  }

  static void tile6x1(
      float[] w,
      int wAt,
      int wStride,
      float[] x,
      int xAt,
      int xStride,
      float[] c,
      int cAt,
      int cStride,
      int length) {
    int w0 = wAt;
    int w1 = w0 + wStride;
    int w2 = w1 + wStride;
    int w3 = w2 + wStride;
    int w4 = w3 + wStride;
    int w5 = w4 + wStride;
    FloatVector a0 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector a1 = FloatVector.fromArray(FLOATS, c, cAt + cStride);
    FloatVector a2 = FloatVector.fromArray(FLOATS, c, cAt + 2 * cStride);
    FloatVector a3 = FloatVector.fromArray(FLOATS, c, cAt + 3 * cStride);
    FloatVector a4 = FloatVector.fromArray(FLOATS, c, cAt + 4 * cStride);
    FloatVector a5 = FloatVector.fromArray(FLOATS, c, cAt + 5 * cStride);
    for (int k = 0; k < length; k++) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, xAt + k * xStride);
      a0 = FloatVector.broadcast(FLOATS, w[w0 + k]).fma(a, a0);
      a1 = FloatVector.broadcast(FLOATS, w[w1 + k]).fma(a, a1);
      a2 = FloatVector.broadcast(FLOATS, w[w2 + k]).fma(a, a2);
      a3 = FloatVector.broadcast(FLOATS, w[w3 + k]).fma(a, a3);
      a4 = FloatVector.broadcast(FLOATS, w[w4 + k]).fma(a, a4);
      a5 = FloatVector.broadcast(FLOATS, w[w5 + k]).fma(a, a5);
    }
    a0.intoArray(c, cAt);
    a1.intoArray(c, cAt + cStride);
    a2.intoArray(c, cAt + 2 * cStride);
    a3.intoArray(c, cAt + 3 * cStride);
    a4.intoArray(c, cAt + 4 * cStride);
    a5.intoArray(c, cAt + 5 * cStride);
  }
}
