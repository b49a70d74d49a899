package dev.hadal.backend.simd;

import dev.hadal.backend.Rows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link OnlineSoftmax} on vectors: with many rows both products run in the tiles of {@link Gemm}.
 * Its arrays grow and stay.
 */
final class VectorSoftmax implements OnlineSoftmax {
  /** Up to here scores are dot products; from here on transposing the keys pays. */
  private static final int FEW_ROWS = 12;

  /** Up to here values are added one by one; from here on a tile of six rows is not too empty. */
  private static final int FEWEST_ROWS = 2;

  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  private float[] queries = new float[0]; // (rows, keyDim), scaled
  private int[] positions = new int[0];
  private float[] keys = new float[0]; // (TILE, keyDim)
  private float[] values = new float[0]; // (TILE, valueStride)
  private float[] mixed = new float[0]; // (rows, valueStride)
  private float[] largest = new float[0];
  private float[] sums = new float[0];
  private float[] transposed = new float[0]; // (keyDim, TILE)
  private float[] scores = new float[0];
  private int rows;
  private int paddedRows;
  private int keyDim;
  private int valueDim;
  private int valueStride;
  private float scale;
  private Rows kind = Rows.ANY;
  private boolean few; // rows: scores are dot products

  /** From the next beginning on for rows of this kind. */
  VectorSoftmax of(Rows rows) {
    kind = rows;
    return this;
  }

  @Override
  public void begin(int rows, int keyDim, int valueDim, float scale) {
    this.scale = scale;
    this.rows = rows;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    few = kind == Rows.ANY ? rows <= FEW_ROWS : kind == Rows.ANSWER;
    paddedRows = (rows + Gemm.TILE_ROWS - 1) / Gemm.TILE_ROWS * Gemm.TILE_ROWS;
    valueStride = (valueDim + Activations.TILE - 1) / Activations.TILE * Activations.TILE;
    queries = grown(queries, paddedRows * keyDim);
    keys = grown(keys, TILE * keyDim);
    transposed = grown(transposed, few ? 0 : TILE * keyDim);
    values = grown(values, TILE * valueStride);
    mixed = grown(mixed, paddedRows * valueStride);
    scores = grown(scores, paddedRows * TILE);
    largest = grown(largest, rows);
    sums = grown(sums, rows);
    if (positions.length < rows) {
      positions = new int[rows];
    }
    Arrays.fill(queries, rows * keyDim, paddedRows * keyDim, 0);
    again();
  }

  @Override
  public void again() {
    Arrays.fill(mixed, 0, paddedRows * valueStride, 0);
    Arrays.fill(largest, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, rows, 0);
  }

  @Override
  public void query(int r, long from, int position) {
    Memory.read(from, queries, r * keyDim, keyDim);
    query(r, queries, r * keyDim, position);
  }

  @Override
  public void query(int r, float[] from, int at, int position) {
    for (int i = 0; i < keyDim; i++) {
      queries[r * keyDim + i] = scale * from[at + i];
    }
    positions[r] = position;
  }

  @Override
  public void key(int p, int at, float[] from, int fromAt, int count) {
    System.arraycopy(from, fromAt, keys, p * keyDim + at, count);
  }

  @Override
  public void value(int p, float[] from, int fromAt) {
    System.arraycopy(from, fromAt, values, p * valueStride, valueDim);
  }

  @Override
  public void see(
      long keysAt, long valuesAt, long stride, long next, int first, int count, int window) {
    if (stride == 2L * keyDim) {
      Panels.f16(keysAt, keys, 0, count * keyDim);
    } else {
      for (int p = 0; p < count; p++) {
        Panels.f16(keysAt + p * stride, keys, p * keyDim, keyDim);
      }
    }
    if (valuesAt == keysAt) {
      for (int p = 0; p < count; p++) {
        System.arraycopy(keys, p * keyDim, values, p * valueStride, valueDim);
      }
    } else if (stride == 2L * valueStride) {
      Panels.f16(valuesAt, values, 0, count * valueDim);
    } else {
      for (int p = 0; p < count; p++) {
        Panels.f16(valuesAt + p * stride, values, p * valueStride, valueDim);
      }
    }
    see(first, count, window);
  }

  @Override
  public void see(int first, int count, int window) {
    if (keyDim <= Scalar.HEAD) {
      seeSmall(first, count, window);
      return;
    }
    int start = 0;
    if (few) {
      scoreFew(count);
    } else {
      while (start + Gemm.TILE_ROWS <= rows && positions[start + Gemm.TILE_ROWS - 1] < first) {
        start += Gemm.TILE_ROWS; // rows that see nothing of this tile
      }
      scoreMany(count, start);
    }
    for (int r = start; r < rows; r++) {
      int to = Math.min(count, positions[r] + 1 - first);
      int from = window == 0 ? 0 : Math.max(0, positions[r] - window + 1 - first);
      weigh(r, from, to);
    }
    if (rows <= FEWEST_ROWS && kind == Rows.ANY) {
      for (int r = 0; r < rows; r++) {
        for (int p = 0; p < count; p++) {
          FloatRows.addScaled(
              mixed, r * valueStride, values, p * valueStride, scores[r * TILE + p], valueStride);
        }
      }
      return;
    }
    for (int column = 0; column < valueStride; column += Activations.TILE) {
      for (int r = start; r < paddedRows; r += Gemm.TILE_ROWS) {
        Gemm.tile6x2(
            scores,
            r * TILE,
            TILE,
            values,
            column,
            valueStride,
            mixed,
            r * valueStride + column,
            valueStride,
            count);
      }
    }
  }

  private void seeSmall(int first, int count, int window) {
    for (int r = 0; r < rows; r++) {
      int to = Math.min(count, positions[r] + 1 - first);
      int from = window == 0 ? 0 : Math.max(0, positions[r] - window + 1 - first);
      float max = largest[r];
      for (int p = from; p < to; p++) {
        scores[p] = Scalar.dot(queries, r * keyDim, keys, p * keyDim, keyDim);
        max = Math.max(max, scores[p]);
      }
      if (from >= to || max == Float.NEGATIVE_INFINITY) {
        continue;
      }
      int at = r * valueStride;
      float shrink = (float) Math.exp(largest[r] - max);
      for (int i = at; i < at + valueStride; i++) {
        mixed[i] *= shrink;
      }
      largest[r] = max;
      sums[r] = sums[r] * shrink + Scalar.softmaxPart(scores, from, to - from, max);
      for (int p = from; p < to; p++) {
        Scalar.addScaled(mixed, at, values, p * valueStride, scores[p], valueStride);
      }
    }
  }

  private void scoreMany(int count, int start) {
    transpose(keys, keyDim, transposed);
    Arrays.fill(scores, start * TILE, paddedRows * TILE, 0);
    for (int tile = 0; tile < count; tile += Activations.TILE) {
      for (int r = start; r < paddedRows; r += Gemm.TILE_ROWS) {
        Gemm.tile6x2(
            queries,
            r * keyDim,
            keyDim,
            transposed,
            tile,
            TILE,
            scores,
            r * TILE + tile,
            TILE,
            keyDim);
      }
    }
  }

  // Column by column, so that whole cache lines are written; row by row, every store of a wide key
  // (a latent has 576 numbers) would miss the first cache.
  private static void transpose(float[] rows, int width, float[] to) {
    for (int from = 0; from < TILE; from += 16) {
      for (int i = 0; i < width; i++) {
        int at = i * TILE + from;
        int source = from * width + i;
        for (int p = 0; p < 16; p++) {
          to[at + p] = rows[source + p * width];
        }
      }
    }
  }

  // Few rows: dot products along the key, so that nothing need be transposed.
  private void scoreFew(int count) {
    Arrays.fill(scores, rows * TILE, paddedRows * TILE, 0);
    for (int p = 0; p < count; p++) {
      int r = 0;
      for (; kind == Rows.ANY && r + 4 <= rows; r += 4) {
        FloatRows.dot4(queries, r * keyDim, keys, p * keyDim, keyDim, scores, r * TILE + p, TILE);
      }
      for (; r < rows; r++) {
        scores[r * TILE + p] = FloatRows.dot(queries, r * keyDim, keys, p * keyDim, keyDim);
      }
    }
  }

  /** Turns a row's scores {@code from} to {@code to} into weights and the others into zeros. */
  private void weigh(int r, int from, int to) {
    int at = r * TILE;
    if (from >= to) {
      Arrays.fill(scores, at, at + TILE, 0);
      return;
    }
    Arrays.fill(scores, at, at + from, Float.NEGATIVE_INFINITY);
    Arrays.fill(scores, at + to, at + TILE, Float.NEGATIVE_INFINITY);
    float max = Math.max(largest[r], greatest(scores, at));
    if (max == Float.NEGATIVE_INFINITY) {
      Arrays.fill(scores, at, at + TILE, 0);
      return;
    }
    if (max > largest[r]) {
      float shrink = (float) Math.exp(largest[r] - max);
      sums[r] *= shrink;
      scale(mixed, r * valueStride, valueStride, shrink);
      largest[r] = max;
    }
    sums[r] += VectorMath.softmaxPart(scores, at, TILE, max);
  }

  private static float greatest(float[] s, int at) {
    FloatVector max = FloatVector.fromArray(FLOATS, s, at);
    for (int i = at + LANES; i < at + TILE; i += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, s, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private static void scale(float[] s, int at, int count, float factor) {
    for (int i = at; i < at + count; i += LANES) {
      FloatVector.fromArray(FLOATS, s, i).mul(factor).intoArray(s, i);
    }
  }

  @Override
  public float largest(int r) {
    return largest[r];
  }

  @Override
  public float sum(int r) {
    return sums[r];
  }

  @Override
  public void mixed(int r, float[] to, int at) {
    System.arraycopy(mixed, r * valueStride, to, at, valueDim);
  }

  private static float[] grown(float[] kept, int length) {
    return kept.length >= length ? kept : new float[length];
  }
}
