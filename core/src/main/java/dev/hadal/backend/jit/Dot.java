package dev.hadal.backend.jit;

/** How a kernel multiplies weight codes by activation codes. */
enum Dot {
  /**
   * vpmaddubsw, sums kept in 16 bits: unsigned weight codes of at most 6 bits, activations of 8.
   * The sums wrap around, which is exact as long as the final sum of codes less their zero point
   * fits; that is why a sum starts from minus zero point times the activations.
   */
  BYTES(4, 1),
  /** vpmaddwd, sums kept in 32 bits: signed weights of 8 bits, activations of 16. */
  WORDS(2, 2),
  /** vpdpbusd in its VEX form: unsigned weight codes, activations of 8 bits. */
  VNNI(4, 1);

  /** Numbers of one row that a step multiplies and adds: what a 32-bit lane holds. */
  final int depth;

  /** Bytes of one activation code. */
  final int codeBytes;

  Dot(int depth, int codeBytes) {
    this.depth = depth;
    this.codeBytes = codeBytes;
  }
}
