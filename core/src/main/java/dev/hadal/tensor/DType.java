package dev.hadal.tensor;

import java.util.Locale;

/**
 * How a tensor's numbers are stored: plain numbers, or blocks of numbers that share scales (GGUF's
 * quantised types).
 *
 * <p>Layouts: {@code ggml-common.h} of llama.cpp for the block types, OCP's 8-bit floating point
 * and microscaling specifications for the F8 ones. How blocks are read and written stands in {@link
 * dev.hadal.tensor.quant}.
 */
public enum DType {
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  I32(1, 4),
  /**
   * 4 exponent bits, 3 mantissa bits, no infinity; a matrix of it carries {@link
   * Tensor#blockScale()}.
   */
  F8_E4M3(1, 1),
  /** A power of two: the scale type of newer FP8 checkpoints. */
  F8_E8M0(1, 1),
  Q4_0(32, 18),
  Q4_1(32, 20),
  Q5_0(32, 22),
  Q5_1(32, 24),
  Q8_0(32, 34),
  Q2_K(256, 84),
  Q3_K(256, 110),
  Q4_K(256, 144),
  Q5_K(256, 176),
  Q6_K(256, 210),
  IQ4_NL(32, 18),
  IQ4_XS(256, 136),
  MXFP4(32, 17);

  private final int blockSize;
  private final int blockBytes;

  DType(int blockSize, int blockBytes) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** Numbers a block holds; 1 for plain types. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes a block takes. */
  public int blockBytes() {
    return blockBytes;
  }

  /** True for the types that store several numbers under shared scales. */
  public boolean isQuantized() {
    return blockSize > 1;
  }

  /**
   * Bytes that {@code elements} numbers take.
   *
   * @throws IllegalArgumentException if they do not fill whole blocks
   */
  public long bytes(long elements) {
    if (elements % blockSize != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s stores blocks of %d numbers, %d do not fill whole blocks",
              this,
              blockSize,
              elements));
    }
    return Math.multiplyExact(elements / blockSize, (long) blockBytes);
  }

  /** Average bits a number takes, scales included. */
  public double bitsPerWeight() {
    return 8.0 * blockBytes / blockSize;
  }
}
