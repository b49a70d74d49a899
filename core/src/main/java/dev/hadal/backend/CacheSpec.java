package dev.hadal.backend;

/** What one layer keeps of every token it has seen. */
public sealed interface CacheSpec {
  /** Numbers a token takes in this layer. */
  int width();

  /** All vectors it keeps have a multiple of so many numbers: what a type's blocks must divide. */
  int unit();

  /** Keys and values of every key/value head. */
  record Full(int kvHeads, int headDim) implements CacheSpec {
    @Override
    public int width() {
      return 2 * kvHeads * headDim;
    }

    @Override
    public int unit() {
      return headDim;
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

    @Override
    public int unit() {
      return gcd(rank, ropeDim);
    }

    private static int gcd(int a, int b) {
      return b == 0 ? a : gcd(b, a % b);
    }
  }
}
