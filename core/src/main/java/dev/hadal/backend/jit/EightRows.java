package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Vec.ymm;

/**
 * Eight rows of a weight matrix, as code addresses them: three base registers and the stride reach
 * all eight, and lanes of a vector are rows.
 *
 * @param base0 row 0; base3 and base6 follow from it
 */
record EightRows(Gpr base0, Gpr base3, Gpr base6, Gpr stride) {
  static final int COUNT = 8;

  private static final int LINE = 64;

  /** Sets the other bases from the first. */
  void begin(Assembler a) {
    a.lea(base3, Mem.at(base0, stride, 2, 0));
    a.add(base3, stride);
    a.lea(base6, Mem.at(base3, stride, 2, 0));
    a.add(base6, stride);
  }

  /** Goes on by {@code bytes} in every row. */
  void advance(Assembler a, int bytes) {
    a.add(base0, bytes);
    a.add(base3, bytes);
    a.add(base6, bytes);
  }

  /**
   * Fetches the next {@code bytes} from {@code ahead} on, which code that reads eight rows here
   * will read later: in the order in which they lie, since a row is too short for the prefetchers
   * to learn its stream; a part at a time, since a burst of lines fills the queue that loads wait
   * in; and to the second cache, since the first does not hold eight long rows twice.
   */
  static void fetchAhead(Assembler a, Gpr ahead, int bytes, int part, int parts) {
    int lines = Math.ceilDiv(bytes, LINE);
    for (int line = lines * part / parts; line < lines * (part + 1) / parts; line++) {
      a.prefetcht1(Mem.at(ahead, line * LINE));
    }
  }

  Mem at(int row, int offset) {
    Gpr base = row < 3 ? base0 : row < 6 ? base3 : base6;
    return row % 3 == 0 ? Mem.at(base, offset) : Mem.at(base, stride, row % 3, offset);
  }

  /** The half float at {@code offset} of every row, as floats. */
  void halfs(Assembler a, Vec to, int offset) {
    Vec low = to.low();
    a.vpxor(low, low, low);
    for (int r = 0; r < COUNT; r++) {
      a.vpinsrw(low, low, at(r, offset), r);
    }
    a.vcvtph2ps(to, low);
  }

  /**
   * Four 32-bit numbers at {@code offset} of every row: number i of all rows into {@code to[i]}.
   */
  void fourNumbers(Assembler a, Vec[] to, Vec[] spare, int offset) {
    for (int r = 0; r < 4; r++) { // rows 0 to 3 in the lower halves, 4 to 7 in the upper ones
      a.vmovdqu(to[r].low(), at(r, offset));
      a.vinserti128(to[r], to[r], at(r + 4, offset), 1);
    }
    a.vpunpckldq(spare[0], to[0], to[1]);
    a.vpunpckhdq(spare[1], to[0], to[1]);
    a.vpunpckldq(spare[2], to[2], to[3]);
    a.vpunpckhdq(spare[3], to[2], to[3]);
    a.vpunpcklqdq(to[0], spare[0], spare[2]);
    a.vpunpckhqdq(to[1], spare[0], spare[2]);
    a.vpunpcklqdq(to[2], spare[1], spare[3]);
    a.vpunpckhqdq(to[3], spare[1], spare[3]);
  }

  /** The low 16 bits of every 32-bit lane, which hold half floats, as floats. */
  static void lowHalfs(Assembler a, Vec to, Vec lanes) {
    a.vpand(to, lanes, Constants.LOW_WORD.at());
    a.vpackusdw(to, to, to);
    a.vpermq(to, to, 0x08);
    a.vcvtph2ps(to, to.low());
  }

  /**
   * Registers 0 to 7 hold 8 numbers of 32 bits of row 0 to 7; afterwards they hold number 0 to 7 of
   * all rows. Overwrites 8 to 15.
   */
  static void transpose(Assembler a) {
    for (int pair = 0; pair < 4; pair++) {
      a.vpunpckldq(ymm(8 + 2 * pair), ymm(2 * pair), ymm(2 * pair + 1));
      a.vpunpckhdq(ymm(9 + 2 * pair), ymm(2 * pair), ymm(2 * pair + 1));
    }
    for (int four = 0; four < 2; four++) { // rows 0 to 3, rows 4 to 7
      int from = 8 + 4 * four;
      int to = 4 * four;
      a.vpunpcklqdq(ymm(to), ymm(from), ymm(from + 2));
      a.vpunpckhqdq(ymm(to + 1), ymm(from), ymm(from + 2));
      a.vpunpcklqdq(ymm(to + 2), ymm(from + 1), ymm(from + 3));
      a.vpunpckhqdq(ymm(to + 3), ymm(from + 1), ymm(from + 3));
    }
    for (int i = 0; i < 4; i++) {
      a.vperm2i128(ymm(8 + i), ymm(i), ymm(4 + i), 0x31);
      a.vinserti128(ymm(i), ymm(i), Vec.xmm(4 + i), 1);
    }
    for (int i = 0; i < 4; i++) {
      a.vmovdqa(ymm(4 + i), ymm(8 + i));
    }
  }
}
