package dev.hadal.backend.jit;

import org.jspecify.annotations.Nullable;

/**
 * Memory at base + index * scale + offset.
 *
 * @param broadcast whether one number of 4 bytes there stands for all lanes (AVX-512 only)
 */
record Mem(Gpr base, @Nullable Gpr index, int scale, int offset, boolean broadcast)
    implements Operand {

  Mem {
    if (index == Gpr.RSP) {
      throw new IllegalArgumentException("rsp can't be an index");
    }
  }

  static Mem at(Gpr base) {
    return at(base, 0);
  }

  static Mem at(Gpr base, int offset) {
    return new Mem(base, null, 1, offset, false);
  }

  static Mem at(Gpr base, Gpr index, int scale, int offset) {
    return new Mem(base, index, scale, offset, false);
  }

  /** {@code bytes} further on. */
  Mem plus(int bytes) {
    return new Mem(base, index, scale, offset + bytes, broadcast);
  }

  /** The 4 bytes here, for every lane. */
  Mem toAllLanes() {
    return new Mem(base, index, scale, offset, true);
  }
}
