package dev.hadal.backend.jit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Vectors that code reads from memory; a routine that wants them gets their address in r9. */
enum Constants {
  /** The low four bits of every byte. */
  NIBBLES(0x0f0f0f0f),
  LOW_2_OF_BYTES(0x03030303),
  LOW_6_OF_BYTES(0x3f3f3f3f),
  BIT_4_OF_BYTES(0x10101010),
  BITS_4_AND_5_OF_BYTES(0x30303030),
  LOW_BYTE(0xff),
  LOW_WORD(0xffff),
  SIGN_OF_BYTES(0x80808080),
  /** 1 in every byte. */
  ONE_BYTES(0x01010101),
  /** 1 in every 16-bit number. */
  ONE_WORDS(0x00010001),
  /** All but the sign of a float. */
  MAGNITUDE(0x7fffffff),
  SIXTEEN(bits(16)),
  MAX_BYTE(bits(127)),
  MAX_WORD(bits(32767)),
  MINUS_8(-8 & 0xffff | -8 << 16),
  MINUS_16(-16 & 0xffff | -16 << 16),
  MINUS_32(-32 & 0xffff | -32 << 16),
  MINUS_128(-128 & 0xffff | -128 << 16),
  /** Shifts that bring the upper half's high nibbles down. */
  BY_4_ABOVE(0, 0, 0, 0, 4, 4, 4, 4),
  /** Which of four bytes holds bit 0, 1 ... 31. */
  BYTE_OF_BIT(0, 0, 0x01010101, 0x01010101, 0x02020202, 0x02020202, 0x03030303, 0x03030303),
  /** Bit i of byte i, eight bytes at a time. */
  BIT_OF_BYTE(0x08040201, 0x80402010),
  /** Byte 0 (1, 2, 3) of every four, to the high byte of both 16-bit numbers there. */
  HIGH_BYTES_0(0x00800080, 0x04800480, 0x08800880, 0x0c800c80),
  HIGH_BYTES_1(0x01800180, 0x05800580, 0x09800980, 0x0d800d80),
  HIGH_BYTES_2(0x02800280, 0x06800680, 0x0a800a80, 0x0e800e80),
  HIGH_BYTES_3(0x03800380, 0x07800780, 0x0b800b80, 0x0f800f80),
  /** Where vpermd finds the 32-bit lanes that two packing steps have mixed. */
  UNMIX(0, 4, 1, 5, 2, 6, 3, 7),
  /** Two positions, four rows each. */
  PAIR(0, 0, 0, 0, 0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000),
  ONE(bits(1f)),
  TWO(bits(2f)),
  MINUS_INFINITY(bits(Float.NEGATIVE_INFINITY)),
  EXP_LOWEST(bits(-87f)),
  EXP_HIGHEST(bits(88f)),
  EXP_LOG2_E(bits(0x1.715476p0f)), // 1.44269504
  EXP_ROUND(bits(0x1.8p23f)),
  EXP_MINUS_LN2_HIGH(bits(-0x1.63p-1f)), // -0.693359375
  EXP_MINUS_LN2_LOW(bits(0x1.bd0106p-13f)), // 2.12194440e-4
  EXP_P0(bits(0x1.a0d2cep-13f)), // 1.9875691500e-4
  EXP_P1(bits(0x1.6e879cp-10f)), // 1.3981999507e-3
  EXP_P2(bits(0x1.11121p-7f)), // 8.3334519073e-3
  EXP_P3(bits(0x1.555382p-5f)), // 4.1665795894e-2
  EXP_P4(bits(0x1.555554p-3f)), // 1.6666665459e-1
  EXP_P5(bits(0.5f)); // 5.0000001201e-1

  private static final int VECTOR = 32;

  @SuppressWarnings("ImmutableEnumChecker") // never given out, never written
  private final int[] lanes;

  Constants(int... lanes) {
    this.lanes = lanes;
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  /** As an operand. */
  Mem at() {
    return Mem.at(Gpr.R9, ordinal() * VECTOR);
  }

  /** Writes them all; the address is good as long as the arena. */
  static MemorySegment allocate(Arena arena) {
    MemorySegment memory = arena.allocate((long) values().length * VECTOR, 64);
    for (Constants constant : values()) {
      for (int i = 0; i < VECTOR / Integer.BYTES; i++) {
        memory.set(
            ValueLayout.JAVA_INT,
            (long) constant.ordinal() * VECTOR + 4L * i,
            constant.lanes[i % constant.lanes.length]);
      }
    }
    return memory;
  }
}
