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
  SIXTEEN(Float.floatToRawIntBits(16)),
  MAX_BYTE(Float.floatToRawIntBits(127)),
  MAX_WORD(Float.floatToRawIntBits(32767)),
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
  /** Where vpermd finds the 32-bit lanes that two packing steps have mixed. */
  UNMIX(0, 4, 1, 5, 2, 6, 3, 7);

  private static final int VECTOR = 32;

  @SuppressWarnings("ImmutableEnumChecker") // never given out, never written
  private final int[] lanes;

  Constants(int... lanes) {
    this.lanes = lanes;
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
