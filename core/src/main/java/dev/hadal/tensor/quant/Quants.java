package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** The door to the storage types: a codec for each {@link DType}, and checked calls through it. */
public final class Quants {
  private Quants() {}

  /**
   * The codec of a type.
   *
   * @throws IllegalArgumentException for I32, which holds indices, not numbers
   */
  public static BlockCodec codec(DType type) {
    return switch (type) {
      case F32 -> PlainNumbers.F32;
      case F16 -> PlainNumbers.F16;
      case BF16 -> PlainNumbers.BF16;
      case F8_E4M3 -> Float8.E4M3;
      case F8_E8M0 -> Float8.E8M0;
      case Q4_0 -> LegacyQuants.Q4_0;
      case Q4_1 -> LegacyQuants.Q4_1;
      case Q5_0 -> LegacyQuants.Q5_0;
      case Q5_1 -> LegacyQuants.Q5_1;
      case Q8_0 -> LegacyQuants.Q8_0;
      case Q2_K -> AffineKQuants.Q2_K;
      case Q4_K -> AffineKQuants.Q4_K;
      case Q5_K -> AffineKQuants.Q5_K;
      case Q3_K -> SymmetricKQuants.Q3_K;
      case Q6_K -> SymmetricKQuants.Q6_K;
      case IQ4_NL -> TableQuants.IQ4_NL;
      case IQ4_XS -> TableQuants.IQ4_XS;
      case MXFP4 -> TableQuants.MXFP4;
      case I32 ->
          throw new IllegalArgumentException("I32 holds whole numbers; it has no float codec");
    };
  }

  /**
   * Turns {@code count} numbers that begin at byte {@code srcOffset} into floats.
   *
   * @throws IllegalArgumentException if they are not whole blocks
   * @throws IndexOutOfBoundsException if either side is too short
   */
  public static void decode(
      DType type, MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    checkBlocks(type, count);
    codec(type).decode(src, srcOffset, dst, dstOffset, count);
  }

  /**
   * Writes {@code count} floats as {@code type}, from byte {@code dstOffset} of {@code dst} on.
   *
   * @throws IllegalArgumentException if they are not whole blocks
   * @throws IndexOutOfBoundsException if either side is too short
   */
  public static void encode(
      DType type, float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset) {
    checkBlocks(type, count);
    codec(type).encode(src, srcOffset, count, dst, dstOffset);
  }

  private static void checkBlocks(DType type, int count) {
    if (count < 0 || count % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s comes in blocks of %d numbers, %d are not whole blocks",
              type,
              type.blockSize(),
              count));
    }
  }
}
