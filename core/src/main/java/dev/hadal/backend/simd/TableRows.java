package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.quant.Quants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Unpacks the types whose bits stand for numbers in a table: IQ4_NL, IQ4_XS, MXFP4 and the F8 ones.
 * The tables are asked of the types' own codecs.
 */
final class TableRows {
  private static final float[] NL = nibbles(DType.IQ4_NL);
  private static final float[] FP4 = nibbles(DType.MXFP4);
  private static final float[] E4M3 = bytes(DType.F8_E4M3);
  private static final float[] E8M0 = bytes(DType.F8_E8M0);

  private TableRows() {}

  /** An F16 d and 16 bytes of nibbles: number = d table(nibble). */
  static void iq4_nl(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + 18L * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      block(block + 2, d, NL, to, at + 32 * b);
    }
  }

  /** d, eight 6-bit scales (2 + 4 bytes), 128 bytes of nibbles; number = d (scale - 32) table. */
  static void iq4_xs(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 256; b++) {
      long block = w + 136L * b;
      float d = Float.float16ToFloat(Memory.ALL.get(Memory.SHORT, block));
      int high = Memory.ALL.get(Memory.SHORT, block + 2);
      int low = Memory.ALL.get(Memory.INT, block + 4);
      for (int sub = 0; sub < 8; sub++) {
        int scale = (low >>> 4 * sub & 15) | (high >>> 2 * sub & 3) << 4;
        block(block + 8 + 16L * sub, d * (scale - 32), NL, to, at + 256 * b + 32 * sub);
      }
    }
  }

  /** A power of two and 16 bytes of nibbles. */
  static void mxfp4(long w, float[] to, int at, int count) {
    for (int b = 0; b < count / 32; b++) {
      long block = w + 17L * b;
      float d = E8M0[Memory.ALL.get(Memory.BYTE, block) & 0xff];
      block(block + 1, d, FP4, to, at + 32 * b);
    }
  }

  static void e4m3(long w, float[] to, int at, int count) {
    look(w, E4M3, to, at, count);
  }

  static void e8m0(long w, float[] to, int at, int count) {
    look(w, E8M0, to, at, count);
  }

  private static void block(long nibbles, float d, float[] table, float[] to, int at) {
    for (int i = 0; i < 16; i++) {
      int bits = Memory.ALL.get(Memory.BYTE, nibbles + i);
      to[at + i] = d * table[bits & 15];
      to[at + i + 16] = d * table[bits >>> 4 & 15];
    }
  }

  private static void look(long from, float[] table, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = table[Memory.ALL.get(Memory.BYTE, from + i) & 0xff];
    }
  }

  /** What a block of scale one says for each nibble. */
  private static float[] nibbles(DType type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(type.blockBytes());
      int start = type.blockBytes() - 16;
      if (type == DType.MXFP4) {
        block.set(Memory.BYTE, 0, (byte) 127);
      } else {
        block.set(Memory.SHORT, 0, Float.floatToFloat16(1));
      }
      for (int i = 0; i < 16; i++) {
        block.set(Memory.BYTE, start + i, (byte) i);
      }
      float[] numbers = new float[32];
      Quants.decode(type, block, 0, numbers, 0, 32);
      return numbers;
    }
  }

  private static float[] bytes(DType type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(256);
      for (int i = 0; i < 256; i++) {
        all.set(Memory.BYTE, i, (byte) i);
      }
      float[] numbers = new float[256];
      Quants.decode(type, all, 0, numbers, 0, 256);
      return numbers;
    }
  }
}
