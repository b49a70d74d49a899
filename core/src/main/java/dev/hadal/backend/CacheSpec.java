package dev.hadal.backend;

/** What one layer keeps of every token it has seen. */
public sealed interface CacheSpec {
  /** Numbers a token takes in this layer. */
  int width();

  /** Keys and values of every key/value head. */
  record Full(int kvHeads, int headDim) implements CacheSpec {
    @Override
    public int width() {
      return 2 * kvHeads * headDim;
    }
  }

  /**
   * DeepSeek's latent attention: one compressed vector and one rotated key, shared by all heads.
   */
  record Latent(int rank, int ropeDim) implements CacheSpec {
    @Override
    public int width() {
      return rank + ropeDim;
    }
  }
}
