package dev.hadal.backend.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of a group of query rows to one tile of keys after another, never holding all scores.
 *
 * <p>For every row it keeps the largest score so far, the sum of exp(score - largest), and the
 * values so weighed; a larger score rescales what is there. Source: Milakov and Gimelshein,
 * arXiv:1805.02867; Dao et al., arXiv:2205.14135. With many rows both products run in the tiles of
 * {@link Gemm}. Owned by one worker; its arrays grow and stay.
 */
final class OnlineSoftmax {
  /** Positions of a tile: a block of the cache. */
  static final int TILE = 64;

  /** Up to here scores are dot products; from here on transposing the keys pays. */
  private static final int FEW_ROWS = 12;

  /** Up to here values are added one by one; from here on a tile of six rows is not too empty. */
  private static final int FEWEST_ROWS = 2;

  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  private static final int LANES = Lanes.COUNT;

  /** Queries (rows, keyDim), scaled by the caller. */
  float[] queries = new float[0];

  /** Where each row stands in its sequence. */
  int[] positions = new int[0];

  /** Keys (TILE, keyDim). */
  float[] keys = new float[0];

  /** Values (TILE, valueStride). */
  float[] values = new float[0];

  /** Weighed sums (rows, valueStride), still to be divided by {@link #sums}. */
  float[] mixed = new float[0];

  float[] largest = new float[0];
  float[] sums = new float[0];
  int valueStride;

  private float[] transposed = new float[0]; // (keyDim, TILE)
  private float[] scores = new float[0];
  private int rows;
  private int paddedRows;
  private int keyDim;

  /** Starts over with {@code rows} queries, which the caller then writes with their positions. */
  void begin(int rows, int keyDim, int valueDim) {
    this.rows = rows;
    this.keyDim = keyDim;
    paddedRows = (rows + Gemm.TILE_ROWS - 1) / Gemm.TILE_ROWS * Gemm.TILE_ROWS;
    valueStride = (valueDim + Activations.TILE - 1) / Activations.TILE * Activations.TILE;
    queries = grown(queries, paddedRows * keyDim);
    keys = grown(keys, TILE * keyDim);
    transposed = grown(transposed, rows <= FEW_ROWS ? 0 : TILE * keyDim);
    values = grown(values, TILE * valueStride);
    mixed = grown(mixed, paddedRows * valueStride);
    scores = grown(scores, paddedRows * TILE);
    largest = grown(largest, rows);
    sums = grown(sums, rows);
    if (positions.length < rows) {
      positions = new int[rows];
    }
    Arrays.fill(queries, rows * keyDim, paddedRows * keyDim, 0);
    Arrays.fill(mixed, 0, paddedRows * valueStride, 0);
    Arrays.fill(largest, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, rows, 0);
  }

  /**
   * Lets every row see the loaded tile, positions {@code first} to {@code first + count}, as far as
   * it lies at most at the row's own position and less than {@code window} before it (0: no limit).
   */
  void see(int first, int count, int window) {
    see(first, count, window, 0);
  }

  /** As {@link #see(int, int, int)}, where rows before {@code fromRow} are known to see nothing. */
  void see(int first, int count, int window, int fromRow) {
    if (keyDim <= Scalar.HEAD) {
      seeSmall(first, count, window);
      return;
    }
    int start = 0;
    if (rows <= FEW_ROWS) {
      scoreFew(count);
    } else {
      start = fromRow / Gemm.TILE_ROWS * Gemm.TILE_ROWS;
      scoreMany(count, start);
    }
    for (int r = start; r < rows; r++) {
      int to = Math.min(count, positions[r] + 1 - first);
      int from = window == 0 ? 0 : Math.max(0, positions[r] - window + 1 - first);
      weigh(r, from, to);
    }
    if (rows <= FEWEST_ROWS) {
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
      for (; r + 4 <= rows; r += 4) {
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

  /** Divides row r by its sum, in place; zeros if it saw nothing. */
  void finish(int r) {
    scale(mixed, r * valueStride, valueStride, sums[r] == 0 ? 0 : 1 / sums[r]);
  }

  private static float[] grown(float[] kept, int length) {
    return kept.length >= length ? kept : new float[length];
  }
}
