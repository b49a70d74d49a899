package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * Rounds a row of activations to whole numbers under one scale for 32 of them (127 or 32767 for the
 * largest magnitude), and sums them: the records that {@link TileKernel} and {@link RowsKernel}
 * read. A row's records depend on nothing but the row.
 *
 * <p>Arguments: floats, records, blocks, unused, unused, constants.
 */
final class ActivationKernel {
  private static final int NOT_EQUAL = 4; // vcmpps predicate
  private static final int SWAP_QUARTERS = 0x4e;
  private static final int SWAP_NEIGHBOURS = 0xb1;

  private ActivationKernel() {}

  static void emit(Assembler a, RowType type, Isa isa) {
    Panel panel = type.panel(isa);
    Label next = new Label();
    a.bind(next);
    for (int i = 0; i < 4; i++) {
      a.vmovups(ymm(i), at(RDI, 32 * i));
    }
    largest(a, ymm(4));
    Constants most = panel.dot() == Dot.WORDS ? Constants.MAX_WORD : Constants.MAX_BYTE;
    Vec scale = ymm(5);
    a.vdivps(scale, ymm(4), most.at());
    a.vmovd(at(RSI, panel.activationScaleAt()), scale.low());
    round(a, most);
    if (panel.dot() == Dot.WORDS) {
      for (int i = 0; i < 2; i++) {
        a.vpackssdw(ymm(2 * i), ymm(2 * i), ymm(2 * i + 1));
        a.vpermq(ymm(2 * i), ymm(2 * i), 0xd8);
        a.vmovdqu(at(RSI, 32 * i), ymm(2 * i));
      }
    } else {
      Vec codes = ymm(0);
      a.vpackssdw(ymm(0), ymm(0), ymm(1));
      a.vpackssdw(ymm(2), ymm(2), ymm(3));
      a.vpacksswb(codes, ymm(0), ymm(2));
      a.vmovdqa(ymm(1), Constants.UNMIX.at());
      a.vpermd(codes, ymm(1), codes);
      a.vmovdqu(at(RSI), codes);
      sums(a, panel, type.zero(isa), codes, scale);
    }
    a.add(RDI, 4 * Panel.BLOCK);
    a.add(RSI, panel.recordBytes());
    a.sub(RDX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vzeroupper();
    a.ret();
  }

  /** The largest magnitude of registers 0 to 3, in every lane. */
  private static void largest(Assembler a, Vec to) {
    Vec other = ymm(6);
    a.vmovups(ymm(7), Constants.MAGNITUDE.at());
    a.vandps(to, ymm(0), ymm(7));
    for (int i = 1; i < 4; i++) {
      a.vandps(other, ymm(i), ymm(7));
      a.vmaxps(to, to, other);
    }
    a.vextracti128(other.low(), to, 1);
    a.vmaxps(to.low(), to.low(), other.low());
    for (int swap : new int[] {SWAP_QUARTERS, SWAP_NEIGHBOURS}) {
      a.vpshufd(other.low(), to.low(), swap);
      a.vmaxps(to.low(), to.low(), other.low());
    }
    a.vbroadcastss(to, to.low());
  }

  private static void round(Assembler a, Constants most) {
    Vec inverse = ymm(6);
    Vec zero = ymm(7);
    a.vmovups(inverse, most.at());
    a.vdivps(inverse, inverse, ymm(4));
    a.vxorps(zero, zero, zero);
    a.vcmpps(zero, ymm(4), zero, NOT_EQUAL);
    a.vandps(inverse, inverse, zero); // all zeros have no scale
    for (int i = 0; i < 4; i++) {
      a.vmulps(ymm(i), ymm(i), inverse);
      a.vcvtps2dq(ymm(i), ymm(i));
    }
  }

  /**
   * Pairs of 16-bit sums, as the kernel's 16-bit lanes will hold them: columns 0, 1 of every four
   * below, 2, 3 above.
   */
  private static void sums(Assembler a, Panel panel, int zero, Vec codes, Vec scale) {
    Vec halves = ymm(7); // of columns 0 to 15 in the lower half, 16 to 31 in the upper one
    Vec other = ymm(8);
    a.vmovdqa(other, Constants.ONE_BYTES.at());
    a.vpmaddubsw(halves, other, codes);
    for (int swap : new int[] {SWAP_QUARTERS, SWAP_NEIGHBOURS}) {
      a.vpshufd(other, halves, swap);
      a.vpaddw(halves, halves, other);
    }
    Vec upper = ymm(8).low();
    Vec both = ymm(9).low();
    a.vextracti128(upper, halves, 1);
    a.vpaddw(both, halves.low(), upper);
    Vec sum = ymm(10).low();
    a.vpmaddwd(sum, both, Constants.ONE_WORDS.at());
    a.vcvtdq2ps(sum, sum);
    a.vmulps(sum, sum, scale.low());
    a.vmovd(at(RSI, panel.activationSumAt()), sum);
    start(a, panel, zero, panel.groupsOf16() ? halves.low() : both, 0);
    start(a, panel, zero, upper, 1);
  }

  /** Minus zero point times sums: 16 bits each, or (VNNI) both of a pair in 32 bits. */
  private static void start(Assembler a, Panel panel, int zero, Vec sums, int group) {
    Mem factor =
        switch (zero) {
          case 0 -> null;
          case 8 -> Constants.MINUS_8.at();
          case 16 -> Constants.MINUS_16.at();
          case 32 -> Constants.MINUS_32.at();
          case 128 -> Constants.MINUS_128.at();
          default -> throw new IllegalStateException("no constant for the zero point " + zero);
        };
    if (factor == null) {
      a.vpxor(sums, sums, sums);
    } else if (panel.dot() == Dot.VNNI) {
      a.vpmaddwd(sums, sums, factor);
    } else {
      a.vpmullw(sums, sums, factor);
    }
    a.vmovd(at(RSI, panel.startAt() + group * Integer.BYTES), sums);
  }
}
