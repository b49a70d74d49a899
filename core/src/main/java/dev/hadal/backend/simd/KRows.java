package dev.hadal.backend.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Unpacks Q2_K, Q3_K and Q5_K: blocks of 256 numbers, eight bytes of packed bits at a time.
 * Layouts: {@code ggml-common.h} of llama.cpp.
 */
final class KRows {
  private static final VectorSpecies<Integer> INTS = Lanes.BLOCK_INTS;
  private static final int LANES = Lanes.BLOCK_COUNT;

  private KRows() {}

  /** 16 bytes of scale (low half) and minimum (high half), 64 bytes of bit pairs, d, dmin. */
  static void q2_K(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + 84L * b;
      float d = half(block + 80);
      float dmin = half(block + 82);
      for (int sixteen = 0; sixteen < 16; sixteen++) {
        int packed = Memory.ALL.get(Memory.BYTE, block + sixteen);
        long pairs = block + 16 + sixteen / 8 * 32L + sixteen % 2 * 16L;
        int shift = sixteen % 8 / 2 * 2;
        float scale = d * (packed & 15);
        float min = dmin * (packed >>> 4 & 15);
        pairs(pairs, shift, scale, min, to, at + 256 * b + 16 * sixteen);
      }
    }
  }

  private static void pairs(long from, int shift, float scale, float min, float[] to, int at) {
    for (int i = 0; i < 16; i += 8) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, from + i, Memory.ORDER);
      for (int part = 0; part < 8 / LANES; part++) {
        IntVector q = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        ((FloatVector)
                q.lanewise(VectorOperators.LSHR, shift).and(3).convert(VectorOperators.I2F, 0))
            .mul(scale)
            .sub(min)
            .intoArray(to, at + i + part * LANES);
      }
    }
  }

  /** 32 bytes of third bits (set: no 4 is taken off), 64 bytes of pairs, 12 bytes of scales, d. */
  static void q3_K(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + 110L * b;
      float d = half(block + 108);
      for (int sixteen = 0; sixteen < 16; sixteen++) {
        int low = Memory.ALL.get(Memory.BYTE, block + 96 + sixteen % 8) >>> sixteen / 8 * 4 & 15;
        int high = Memory.ALL.get(Memory.BYTE, block + 104 + sixteen % 4) >>> sixteen / 4 * 2 & 3;
        float scale = d * ((low | high << 4) - 32);
        long thirds = block + sixteen % 2 * 16L;
        triples(
            thirds,
            sixteen / 2,
            thirds + 32 + sixteen / 8 * 32L,
            sixteen % 8 / 2 * 2,
            scale,
            to,
            at + 256 * b + 16 * sixteen);
      }
    }
  }

  private static void triples(
      long thirds, int thirdShift, long pairs, int shift, float scale, float[] to, int at) {
    for (int i = 0; i < 16; i += 8) {
      ByteVector low =
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, pairs + i, Memory.ORDER);
      ByteVector high =
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, thirds + i, Memory.ORDER);
      for (int part = 0; part < 8 / LANES; part++) {
        IntVector q = (IntVector) low.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        IntVector t = (IntVector) high.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        ((FloatVector)
                q.lanewise(VectorOperators.LSHR, shift)
                    .and(3)
                    .or(
                        t.lanewise(VectorOperators.LSHR, thirdShift)
                            .and(1)
                            .lanewise(VectorOperators.LSHL, 2))
                    .sub(4)
                    .convert(VectorOperators.I2F, 0))
            .mul(scale)
            .intoArray(to, at + i + part * LANES);
      }
    }
  }

  /** As {@link Q4_KRows}, with 32 bytes of fifth bits between scales and nibbles. */
  static void q5_K(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + 176L * b;
      float d = half(block);
      float dmin = half(block + 2);
      long scales = Q4_KRows.scales(block + 4);
      long minima = Q4_KRows.minima(block + 4);
      for (int sub = 0; sub < 8; sub++) {
        fives(
            block + 48 + sub / 2 * 32L,
            sub % 2 * 4,
            block + 16,
            sub,
            d * (scales >>> 8 * sub & 63),
            dmin * (minima >>> 8 * sub & 63),
            to,
            at + 256 * b + 32 * sub);
      }
    }
  }

  private static void fives(
      long nibbles,
      int shift,
      long fifths,
      int fifthShift,
      float scale,
      float min,
      float[] to,
      int at) {
    for (int i = 0; i < 32; i += 8) {
      ByteVector low =
          ByteVector.fromMemorySegment(
              ByteVector.SPECIES_64, Memory.ALL, nibbles + i, Memory.ORDER);
      ByteVector high =
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, fifths + i, Memory.ORDER);
      for (int part = 0; part < 8 / LANES; part++) {
        IntVector q = (IntVector) low.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        IntVector f = (IntVector) high.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        ((FloatVector)
                q.lanewise(VectorOperators.LSHR, shift)
                    .and(15)
                    .or(
                        f.lanewise(VectorOperators.LSHR, fifthShift)
                            .and(1)
                            .lanewise(VectorOperators.LSHL, 4))
                    .convert(VectorOperators.I2F, 0))
            .mul(scale)
            .sub(min)
            .intoArray(to, at + i + part * LANES);
      }
    }
  }

  private static float half(long address) {
    return Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, address));
  }
}
