package dev.hadal.backend.jit;

import java.util.Locale;

/** A vector register: {@code xmm}, {@code ymm} or {@code zmm} {@code number}. */
record Vec(int number, Width width) implements Operand {

  /** How much of a vector register an instruction works on. */
  enum Width {
    XMM(16),
    YMM(32),
    ZMM(64);

    private final int bytes;

    Width(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  Vec {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("there is no vector register " + number);
    }
  }

  static Vec xmm(int number) {
    return new Vec(number, Width.XMM);
  }

  static Vec ymm(int number) {
    return new Vec(number, Width.YMM);
  }

  static Vec zmm(int number) {
    return new Vec(number, Width.ZMM);
  }

  /** The low 16 bytes of the same register. */
  Vec low() {
    return xmm(number);
  }

  @Override
  public String toString() {
    return width.name().toLowerCase(Locale.ROOT) + number;
  }
}
