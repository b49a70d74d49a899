package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Vec.ymm;

/** Sums across the lanes of registers that each hold partial sums of one row. */
final class RowSums {
  private static final int SWAP_NEIGHBOURS = 0xb1;

  private RowSums() {}

  /**
   * Registers {@code first} to {@code first + 3} to one, {@code first}, with the four sums, in each
   * half. Half of the moves are blends, which every vector unit does: shuffles, which two do, are
   * what these kernels wait for.
   */
  static void ofFour(Assembler a, Panel panel, int first, Vec other) {
    for (int r = first; r < first + 4; r += 2) {
      a.vpblendd(other, ymm(r), ymm(r + 1), 0x55);
      a.vpblendd(ymm(r), ymm(r), ymm(r + 1), 0xaa);
      a.vpshufd(other, other, SWAP_NEIGHBOURS);
      add(a, panel, ymm(r), ymm(r), other);
    }
    a.vpblendd(other, ymm(first), ymm(first + 2), 0xcc);
    a.vpalignr(ymm(first), ymm(first + 2), ymm(first), 8);
    add(a, panel, ymm(first), ymm(first), other);
  }

  /** 16-bit sums in pairs, as in {@link TileKernel}'s lanes, or 32-bit ones. */
  static void add(Assembler a, Panel panel, Vec to, Vec x, Vec y) {
    if (panel.dot() == Dot.BYTES) {
      a.vpaddw(to, x, y);
    } else {
      a.vpaddd(to, x, y);
    }
  }

  /** Times the whole-number scales of 16 columns: 32-bit sums, or pairs of 16-bit ones. */
  static void scale(Assembler a, Panel panel, Vec sums, Mem scales) {
    if (panel.dot() == Dot.VNNI) {
      a.vpmulld(sums, sums, scales);
    } else {
      a.vpmaddwd(sums, sums, scales);
    }
  }

  /** Adds minus zero point times activations, which the record holds as a sum is held. */
  static void start(Assembler a, Panel panel, Vec sum, Vec spare, Mem held) {
    a.vpbroadcastd(spare, held);
    add(a, panel, sum, sum, spare);
  }
}
