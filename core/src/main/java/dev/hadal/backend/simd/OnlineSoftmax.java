package dev.hadal.backend.simd;

import dev.hadal.backend.Rows;

/**
 * Attention of a group of query rows to one tile of keys after another, never holding all scores.
 *
 * <p>For every row it keeps the largest score so far, the sum of exp(score - largest), and the
 * values so weighed; a larger score rescales what is there. Source: Milakov and Gimelshein,
 * arXiv:1805.02867; Dao et al., arXiv:2205.14135. Owned by one worker.
 */
public interface OnlineSoftmax {
  /** Positions of a tile: a block of the cache. */
  int TILE = 64;

  /** Where each worker finds its own. */
  interface Source {
    /** The Vector API's. */
    Source ON_VECTORS = onVectors(Rows.ANY);

    /** As {@link #ON_VECTORS}, for rows of one kind. */
    static Source onVectors(Rows rows) {
      return (worker, keyDim, valueDim) -> worker.softmax.of(rows);
    }

    /** For a worker and the sizes of keys and values; the same object each time is fine. */
    OnlineSoftmax of(Worker worker, int keyDim, int valueDim);
  }

  /**
   * Starts over with {@code rows} queries, all of which the caller then gives.
   *
   * @param scale what scores are multiplied with
   */
  void begin(int rows, int keyDim, int valueDim, float scale);

  /** Forgets the keys seen, not the queries. */
  void again();

  /**
   * Query r, floats at an address.
   *
   * @param position where it stands in its sequence; rows come in the order of their positions
   */
  void query(int r, long from, int position);

  /** As {@link #query(int, long, int)}, from an array. */
  void query(int r, float[] from, int at, int position);

  /**
   * Numbers {@code at} to {@code at + count} of the tile's key p, for {@link #see(int, int, int)}.
   */
  void key(int p, int at, float[] from, int fromAt, int count);

  /** Value p of the tile, for {@link #see(int, int, int)}. */
  void value(int p, float[] from, int fromAt);

  /**
   * Lets every row see the tile that was put together, positions {@code first} to {@code first +
   * count}, as far as it lies at most at the row's own position and less than {@code window} before
   * it (0: no limit). A tile is whole or ends with the last row's position.
   */
  void see(int first, int count, int window);

  /**
   * As {@link #see(int, int, int)}, keys and values in F16 where they are in the cache.
   *
   * @param stride bytes from one key to the next, and from one value to the next
   * @param next keys that will be seen after these: they may be fetched ahead
   */
  void see(long keys, long values, long stride, long next, int first, int count, int window);

  /** Row r's largest score; negative infinity, or nearly so, where it saw nothing. */
  float largest(int r);

  /** Row r's sum of weights. */
  float sum(int r);

  /** Row r's weighed sum of values, still to be divided by {@link #sum}. */
  void mixed(int r, float[] to, int at);
}
