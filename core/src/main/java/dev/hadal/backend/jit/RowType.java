package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Vec.ymm;

import dev.hadal.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * How code reads each storage type: unsigned codes of 32 columns of a row, and scales of a whole
 * storage block of eight rows. Layouts stand in {@code dev.hadal.tensor.quant}.
 *
 * <p>Code of this class may use registers 0 to 13 and expects {@link Constants} in r9.
 */
enum RowType {
  Q4_0(DType.Q4_0, 8, Dot.BYTES, false, false) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbleHalves(a, to, rows.at(row, 2));
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      halfScale(a, rows, places, 0);
    }
  },

  Q4_1(DType.Q4_1, 0, Dot.BYTES, false, true) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbleHalves(a, to, rows.at(row, 4));
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      halfScale(a, rows, places, 0);
      rows.halfs(a, ymm(1), 2);
      a.vmovups(places.minimum(0), ymm(1));
    }
  },

  Q5_0(DType.Q5_0, 16, Dot.BYTES, false, false) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbleHalves(a, to, rows.at(row, 6));
      fifthBits(a, to, rows.at(row, 2));
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      halfScale(a, rows, places, 0);
    }
  },

  Q5_1(DType.Q5_1, 16, Dot.BYTES, false, true) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbleHalves(a, to, rows.at(row, 8));
      fifthBits(a, to, rows.at(row, 4));
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      halfScale(a, rows, places, 0);
      rows.halfs(a, ymm(1), 2);
      a.vmulps(ymm(0), ymm(0), Constants.SIXTEEN.at()); // d q + m = d (q - 16) + (16 d + m)
      a.vaddps(ymm(1), ymm(1), ymm(0));
      a.vmovups(places.minimum(0), ymm(1));
    }
  },

  Q8_0(DType.Q8_0, 0, Dot.WORDS, false, false) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      a.vmovdqu(to, rows.at(row, 2));
      a.vpxor(to, to, Constants.SIGN_OF_BYTES.at());
    }

    @Override
    void words(Assembler a, Vec to, EightRows rows, int row, int half) {
      a.vpmovsxbw(to, rows.at(row, 2 + 16 * half));
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      halfScale(a, rows, places, 0);
    }
  },

  Q4_K(DType.Q4_K, 0, Dot.BYTES, false, true) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbles(a, to, rows.at(row, 16 + 32 * (block / 2)), block % 2);
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      sixBitScales(a, rows, places);
    }
  },

  Q5_K(DType.Q5_K, 16, Dot.BYTES, false, true) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      nibbles(a, to, rows.at(row, 48 + 32 * (block / 2)), block % 2);
      a.vmovdqu(SPARE, rows.at(row, 16));
      move(a, SPARE, block - 4);
      a.vpand(SPARE, SPARE, Constants.BIT_4_OF_BYTES.at());
      a.vpor(to, to, SPARE);
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      sixBitScales(a, rows, places);
    }
  },

  Q6_K(DType.Q6_K, 32, Dot.BYTES, true, false) {
    @Override
    void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
      int quarter = block % 4;
      nibbles(a, to, rows.at(row, 64 * (block / 4) + 32 * (quarter % 2)), quarter / 2);
      a.vmovdqu(SPARE, rows.at(row, 128 + 32 * (block / 4)));
      move(a, SPARE, 2 * quarter - 4);
      a.vpand(SPARE, SPARE, Constants.BITS_4_AND_5_OF_BYTES.at());
      a.vpor(to, to, SPARE);
    }

    @Override
    void scales(Assembler a, EightRows rows, boolean vnni, Places places) {
      Vec[] packed = {ymm(0), ymm(1), ymm(2), ymm(3)};
      rows.fourNumbers(a, packed, new Vec[] {ymm(4), ymm(5), ymm(6), ymm(7)}, 192);
      Vec d = ymm(8);
      Vec scale = ymm(10);
      rows.halfs(a, d, 208);
      for (int g = 0; g < 16; g++) {
        a.vpshufb(scale, packed[g / 4], HIGH_BYTES[g % 4].at());
        if (vnni) {
          a.vpsrad(scale, scale, 24);
        } else { // sums are pairs of 16 bits: so are scales
          a.vpsraw(scale, scale, 8);
        }
        a.vmovdqu(places.group(g / 2, g % 2), scale);
      }
      for (int block = 0; block < 8; block++) {
        a.vmovups(places.scale(block), d);
      }
    }
  };

  /** Where {@link #scales} puts what it finds, eight rows side by side. */
  interface Places {
    Mem scale(int block);

    Mem minimum(int block);

    Mem group(int block, int group);
  }

  private static final Vec SPARE = ymm(8);
  private static final Constants[] HIGH_BYTES = {
    Constants.HIGH_BYTES_0, Constants.HIGH_BYTES_1, Constants.HIGH_BYTES_2, Constants.HIGH_BYTES_3
  };

  private final DType type;
  private final int zero;
  private final Dot dot;
  private final boolean groupsOf16;
  private final boolean minimum;

  RowType(DType type, int zero, Dot dot, boolean groupsOf16, boolean minimum) {
    this.type = type;
    this.zero = zero;
    this.dot = dot;
    this.groupsOf16 = groupsOf16;
    this.minimum = minimum;
  }

  /** How rows of {@code type} are read, or null if we have no code for it. */
  static @Nullable RowType of(DType type) {
    for (RowType known : values()) {
      if (known.type == type) {
        return known;
      }
    }
    return null;
  }

  DType type() {
    return type;
  }

  /** The code that stands for 0 (where there is a minimum: about the middle of the codes). */
  int zero(Isa isa) {
    return isa.vnni() && dot == Dot.WORDS ? 128 : zero;
  }

  Panel panel(Isa isa) {
    return new Panel(isa.vnni() ? Dot.VNNI : dot, groupsOf16, minimum);
  }

  /** Blocks of 32 columns in a storage block. */
  int blocks() {
    return type.blockSize() / Panel.BLOCK;
  }

  /**
   * 32 unsigned codes of one row in column order, of {@link Dot#BYTES} and VNNI. Uses register 8.
   */
  void codes(Assembler a, Vec to, EightRows rows, int row, int block) {
    throw new UnsupportedOperationException(this + " has no byte codes");
  }

  /** 16 signed codes of one row as 16-bit numbers, for {@link Dot#WORDS}; blocks() is 1. */
  void words(Assembler a, Vec to, EightRows rows, int row, int half) {
    throw new UnsupportedOperationException(this + " has no word codes");
  }

  /**
   * Scales (and minimums, and group scales) of one storage block of eight rows.
   *
   * @param vnni whether group scales are to be 32-bit numbers, not pairs of equal 16-bit ones
   */
  abstract void scales(Assembler a, EightRows rows, boolean vnni, Places places);

  private static void halfScale(Assembler a, EightRows rows, Places places, int offset) {
    rows.halfs(a, ymm(0), offset);
    a.vmovups(places.scale(0), ymm(0));
  }

  /** 16 bytes: the low nibbles are codes 0 to 15, the high ones 16 to 31. */
  private static void nibbleHalves(Assembler a, Vec to, Mem from) {
    a.vbroadcasti128(to, from);
    a.vpsrlvd(to, to, Constants.BY_4_ABOVE.at());
    a.vpand(to, to, Constants.NIBBLES.at());
  }

  /** 32 bits, one a code: each byte looks at its own. */
  private static void fifthBits(Assembler a, Vec to, Mem from) {
    a.vpbroadcastd(SPARE, from);
    a.vpshufb(SPARE, SPARE, Constants.BYTE_OF_BIT.at());
    a.vpand(SPARE, SPARE, Constants.BIT_OF_BYTE.at());
    a.vpcmpeqb(SPARE, SPARE, Constants.BIT_OF_BYTE.at());
    a.vpand(SPARE, SPARE, Constants.BIT_4_OF_BYTES.at());
    a.vpor(to, to, SPARE);
  }

  private static void nibbles(Assembler a, Vec to, Mem from, int upper) {
    a.vmovdqu(to, from);
    if (upper == 1) {
      a.vpsrlw(to, to, 4);
    }
    a.vpand(to, to, Constants.NIBBLES.at());
  }

  /** Moves bits down (or up, if negative); what crosses bytes is masked off after it. */
  private static void move(Assembler a, Vec bits, int by) {
    if (by > 0) {
      a.vpsrlw(bits, bits, by);
    } else if (by < 0) {
      a.vpsllw(bits, bits, -by);
    }
  }

  /**
   * The 12 bytes of Q4_K and Q5_K behind d and dmin: four rows of bits, as {@code AffineKQuants}
   * reads them, for eight weight rows at once; each byte of a lane is a group.
   */
  void sixBitScales(Assembler a, EightRows rows, Places places) {
    Vec[] packed = {ymm(0), ymm(1), ymm(2), ymm(3)};
    Vec[] spare = {ymm(4), ymm(5), ymm(6), ymm(7)};
    rows.fourNumbers(a, packed, spare, 0);
    Vec d = ymm(8);
    Vec dmin = ymm(9);
    EightRows.lowHalfs(a, d, packed[0]);
    a.vpsrld(packed[0], packed[0], 16);
    EightRows.lowHalfs(a, dmin, packed[0]);
    a.vxorps(ymm(10), ymm(10), ymm(10));
    a.vsubps(dmin, ymm(10), dmin); // minus dmin from here on
    Vec[] scales = {ymm(4), ymm(5)}; // of groups 0 to 3, 4 to 7
    Vec[] minimums = {ymm(6), ymm(7)};
    Vec high = ymm(10);
    for (int which = 0; which < 2; which++) {
      Vec[] to = which == 0 ? scales : minimums;
      Vec low = packed[1 + which];
      a.vpand(to[0], low, Constants.LOW_6_OF_BYTES.at());
      a.vpsrld(high, low, 6);
      a.vpand(high, high, Constants.LOW_2_OF_BYTES.at());
      a.vpslld(high, high, 4);
      a.vpsrld(to[1], packed[3], 4 * which);
      a.vpand(to[1], to[1], Constants.NIBBLES.at());
      a.vpor(to[1], to[1], high);
    }
    Vec scale = ymm(10);
    Vec minimum = ymm(11);
    for (int g = 0; g < 8; g++) {
      byteTimes(a, scale, scales[g / 4], g % 4, d);
      a.vmovups(places.scale(g), scale);
      byteTimes(a, minimum, minimums[g / 4], g % 4, dmin);
      if (zero != 0) { // d s q - dmin m = d s (q - 16) + (16 d s - dmin m)
        a.vfmadd231ps(minimum, scale, Constants.SIXTEEN.at());
      }
      a.vmovups(places.minimum(g), minimum);
    }
  }

  private static void byteTimes(Assembler a, Vec to, Vec bytes, int which, Vec factor) {
    if (which == 0) {
      a.vpand(to, bytes, Constants.LOW_BYTE.at());
    } else {
      a.vpsrld(to, bytes, 8 * which);
      if (which < 3) {
        a.vpand(to, to, Constants.LOW_BYTE.at());
      }
    }
    a.vcvtdq2ps(to, to);
    a.vmulps(to, to, factor);
  }
}
