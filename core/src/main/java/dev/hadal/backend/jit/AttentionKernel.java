package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
import static dev.hadal.backend.jit.Gpr.R12;
import static dev.hadal.backend.jit.Gpr.R13;
import static dev.hadal.backend.jit.Gpr.R14;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RBP;
import static dev.hadal.backend.jit.Gpr.RBX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * One tile of keys and values, seen by query rows four at a time (a quad): scores, their weights,
 * and the values so weighed, see {@link dev.hadal.backend.simd.OnlineSoftmax}.
 *
 * <p>Scores: two keys times four queries are eight sums along the key, each of eight lanes, added
 * up across the lanes all eight together, so that a register holds what a quad scores with two
 * keys. So scores lie as (position, row): the largest and the sum of a row are found without
 * looking across lanes, and a row's weight is one of four neighbours. Values: four rows by three
 * registers are twelve sums, over the positions in order. Nothing a row gets depends on its
 * neighbours.
 *
 * <p>Arguments: a {@link Call}, then nothing but the constants.
 *
 * @param keyDim numbers of a key, a multiple of 8
 * @param valueDim numbers of a value, a multiple of 8
 * @param halves whether keys and values are F16, or else F32
 */
record AttentionKernel(int keyDim, int valueDim, boolean halves) {
  /** Rows of a quad. */
  static final int ROWS = 4;

  /** What a call reads: eight bytes each, floats the last three. */
  static final class Call {
    static final int QUERIES = 0; // (quads, ROWS, keyDim)
    static final int STATES = 8; // (quads, State)
    static final int MIXED = 16; // (quads, ROWS, valueDim)
    static final int QUADS = 24;
    static final int SCORES = 32; // (tile, ROWS), free to use
    static final int KEYS = 40;
    static final int VALUES = 48;
    static final int STRIDE = 56; // bytes from key to key
    static final int VALUE_STRIDE = 64;
    static final int COUNT = 72; // positions
    static final int NEXT = 80; // keys to fetch ahead
    static final int FIRST = 88; // position of the first
    static final int WINDOW = 92; // or infinity
    static final int SCALE = 96; // of scores
    static final int BYTES = 128;

    private Call() {}
  }

  /** What a quad remembers: four floats each. */
  static final class State {
    static final int LARGEST = 0;
    static final int SUMS = 16;
    static final int SHRINK = 32; // what the tile makes of the sums before
    static final int POSITIONS = 48;
    static final int BYTES = 64;

    private State() {}
  }

  private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14};
  private static final int VECTOR = 32;
  private static final int LANES = 8;
  private static final int LINE = 64;
  private static final int MOST_UNROLLED = 8;
  private static final int COLUMNS = 3; // registers of values at once

  private static final int NOT_LESS = 5; // vcmpps predicates; true for what is not a number
  private static final int LESS = 1;

  void emit(Assembler a) {
    for (Gpr register : KEPT) {
      a.push(register);
    }
    a.mov(RBX, at(RDI, Call.QUERIES));
    a.mov(RBP, at(RDI, Call.STATES));
    a.mov(R12, at(RDI, Call.MIXED));
    a.mov(R13, at(RDI, Call.QUADS));
    Label nextQuad = new Label();
    a.bind(nextQuad);
    score(a);
    weigh(a);
    mix(a);
    a.add(RBX, ROWS * keyDim * Float.BYTES);
    a.add(RBP, State.BYTES);
    a.add(R12, ROWS * valueDim * Float.BYTES);
    a.sub(R13, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextQuad);
    a.vzeroupper();
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.ret();
  }

  /** Bytes of eight stored numbers. */
  private int step() {
    return halves ? VECTOR / 2 : VECTOR;
  }

  private void load(Assembler a, Vec to, Mem from) {
    if (halves) {
      a.vcvtph2ps(to, from);
    } else {
      a.vmovups(to, from);
    }
  }

  // Keys at rsi and r11, queries at rbx, values (to be fetched) at rdx.
  private void score(Assembler a) {
    pairs(a);
    a.mov(RSI, at(RDI, Call.KEYS));
    a.mov(RCX, at(RDI, Call.STRIDE));
    a.mov(RDX, at(RDI, Call.VALUES));
    a.mov(R14, at(RDI, Call.VALUE_STRIDE));
    Label nextPair = new Label();
    a.bind(nextPair);
    if (halves && keyDim == valueDim) { // values apart from the keys: wanted soon
      for (int key = 0; key < 2; key++) {
        for (int line = 0; line < 2 * valueDim; line += LINE) {
          a.prefetcht0(at(RDX, line));
        }
        a.add(RDX, R14);
      }
    }
    a.lea(R11, at(RSI, RCX, 1, 0));
    a.xor32(RAX, RAX);
    for (int i = 0; i < 2 * ROWS; i++) {
      a.vxorps(ymm(i), ymm(i), ymm(i));
    }
    Label next = new Label();
    a.bind(next);
    int unrolled = unrolled();
    for (int i = 0; i < unrolled; i++) {
      load(a, ymm(8), at(RSI, RAX, 1, i * step()));
      load(a, ymm(9), at(R11, RAX, 1, i * step()));
      for (int r = 0; r < ROWS; r++) {
        Vec query = ymm(10 + r);
        int row = r * keyDim * Float.BYTES;
        a.vmovups(query, at(RBX, RAX, VECTOR / step(), row + i * VECTOR));
        a.vfmadd231ps(ymm(r), query, ymm(8));
        a.vfmadd231ps(ymm(ROWS + r), query, ymm(9));
      }
    }
    a.add(RAX, unrolled * step());
    a.cmp(RAX, keyDim / LANES * step());
    a.jump(Assembler.If.NOT_EQUAL, next);
    addLanes(a);
    a.vmovups(at(R8), ymm(0));
    a.add(R8, VECTOR);
    a.lea(RSI, at(RSI, RCX, 2, 0));
    a.sub(R10, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextPair);
  }

  private int unrolled() {
    int steps = keyDim / LANES;
    int unrolled = MOST_UNROLLED;
    while (steps % unrolled != 0) {
      unrolled--;
    }
    return unrolled;
  }

  /** Scores at r8, pairs of positions in r10. */
  private static void pairs(Assembler a) {
    a.mov(R8, at(RDI, Call.SCORES));
    a.mov(R10, at(RDI, Call.COUNT));
    a.add(R10, 1);
    a.shr32(R10, 1);
  }

  /** Register i becomes lane i of register 0. */
  private static void addLanes(Assembler a) {
    for (int i = 0; i < 2 * ROWS; i += 2) {
      Vec other = ymm(8 + i / 2);
      a.vunpckhps(other, ymm(i), ymm(i + 1));
      a.vunpcklps(ymm(i), ymm(i), ymm(i + 1));
      a.vaddps(ymm(i), ymm(i), other);
    }
    for (int i = 0; i < 2 * ROWS; i += 4) {
      Vec other = ymm(8 + i / 4);
      a.vpunpckhqdq(other, ymm(i), ymm(i + 2));
      a.vpunpcklqdq(ymm(i), ymm(i), ymm(i + 2));
      a.vaddps(ymm(i), ymm(i), other);
    }
    a.vperm2i128(ymm(8), ymm(0), ymm(4), 0x31);
    a.vperm2i128(ymm(0), ymm(0), ymm(4), 0x20);
    a.vaddps(ymm(0), ymm(0), ymm(8));
  }

  private static void weigh(Assembler a) {
    Vec largest = ymm(0);
    Vec end = ymm(1); // first position that a row does not see
    Vec start = ymm(2);
    Vec position = ymm(3);
    Vec two = ymm(4);
    Vec hidden = ymm(5);
    Vec scale = ymm(8);
    a.vbroadcasti128(largest, at(RBP, State.LARGEST));
    a.vbroadcasti128(end, at(RBP, State.POSITIONS));
    a.vbroadcastss(start, at(RDI, Call.FIRST));
    a.vsubps(end, end, start);
    a.vaddps(end, end, Constants.ONE.at());
    a.vbroadcastss(start, at(RDI, Call.WINDOW));
    a.vsubps(start, end, start);
    a.vbroadcastss(scale, at(RDI, Call.SCALE));
    a.vmovups(position, Constants.PAIR.at());
    a.vmovups(two, Constants.TWO.at());
    a.vmovups(hidden, Constants.MINUS_INFINITY.at());
    pairs(a);
    Label nextPair = new Label();
    a.bind(nextPair);
    a.vcmpps(ymm(6), position, start, NOT_LESS);
    a.vcmpps(ymm(7), position, end, LESS);
    a.vandps(ymm(6), ymm(6), ymm(7));
    a.vmulps(ymm(7), scale, at(R8));
    a.vblendvps(ymm(7), hidden, ymm(7), ymm(6));
    a.vmovups(at(R8), ymm(7));
    a.vmaxps(largest, largest, ymm(7));
    a.vaddps(position, position, two);
    a.add(R8, VECTOR);
    a.sub(R10, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextPair);
    a.vextracti128(ymm(6).low(), largest, 1);
    a.vmaxps(largest.low(), largest.low(), ymm(6).low());
    a.vinserti128(largest, largest, largest.low(), 1);
    exponentials(a, largest);
  }

  private static void exponentials(Assembler a, Vec largest) {
    Vec total = ymm(1);
    Vec x = ymm(2);
    Vec lowest = ymm(3);
    Vec shrink = ymm(4);
    a.vmovups(lowest, Exponential.LOWEST.at());
    a.vbroadcasti128(x, at(RBP, State.LARGEST));
    a.vsubps(x, x, largest);
    Exponential.emit(a, shrink, x, lowest);
    a.vmovups(at(RBP, State.LARGEST), largest.low());
    a.vmovups(at(RBP, State.SHRINK), shrink.low());
    a.vxorps(total, total, total);
    pairs(a);
    Label nextPair = new Label();
    a.bind(nextPair);
    a.vmovups(x, at(R8));
    a.vsubps(x, x, largest);
    Exponential.emit(a, ymm(5), x, lowest);
    a.vmovups(at(R8), ymm(5));
    a.vaddps(total, total, ymm(5));
    a.add(R8, VECTOR);
    a.sub(R10, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextPair);
    a.vextracti128(x.low(), total, 1);
    a.vaddps(total.low(), total.low(), x.low());
    a.vmovups(x.low(), at(RBP, State.SUMS));
    a.vfmadd231ps(total.low(), x.low(), shrink.low());
    a.vmovups(at(RBP, State.SUMS), total.low());
  }

  // Byte r11 of the values of a position.
  private void mix(Assembler a) {
    int whole = valueDim / LANES / COLUMNS;
    a.xor32(R11, R11);
    a.mov(RDX, at(RDI, Call.NEXT));
    a.mov(R14, at(RDI, Call.VALUE_STRIDE));
    if (whole > 0) {
      Label nextColumns = new Label();
      a.bind(nextColumns);
      columns(a, COLUMNS);
      a.add(R11, COLUMNS * step());
      a.cmp(R11, whole * COLUMNS * step());
      a.jump(Assembler.If.NOT_EQUAL, nextColumns);
    }
    if (valueDim / LANES % COLUMNS != 0) {
      columns(a, valueDim / LANES % COLUMNS);
    }
  }

  private void columns(Assembler a, int count) {
    Vec weight = ymm(15);
    for (int r = 0; r < ROWS; r++) {
      a.vbroadcastss(weight, at(RBP, State.SHRINK + r * Float.BYTES));
      for (int i = 0; i < count; i++) {
        a.vmulps(ymm(r * count + i), weight, mixed(r, i));
      }
    }
    a.mov(RSI, at(RDI, Call.VALUES));
    a.add(RSI, R11);
    a.mov(R8, at(RDI, Call.SCORES));
    a.mov(R10, at(RDI, Call.COUNT));
    Label next = new Label();
    a.bind(next);
    if (halves) { // the next tile's keys, a little with each position
      a.prefetcht0(at(RDX));
      a.add(RDX, Math.ceilDiv(2 * keyDim, Math.ceilDiv(valueDim, LANES * COLUMNS)));
    }
    for (int i = 0; i < count; i++) {
      load(a, ymm(ROWS * COLUMNS + i), at(RSI, i * step()));
    }
    for (int r = 0; r < ROWS; r++) {
      a.vbroadcastss(weight, at(R8, r * Float.BYTES));
      for (int i = 0; i < count; i++) {
        a.vfmadd231ps(ymm(r * count + i), weight, ymm(ROWS * COLUMNS + i));
      }
    }
    a.add(RSI, R14);
    a.add(R8, ROWS * Float.BYTES);
    a.sub(R10, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < count; i++) {
        a.vmovups(mixed(r, i), ymm(r * count + i));
      }
    }
  }

  private Mem mixed(int row, int register) {
    return at(R12, R11, VECTOR / step(), row * valueDim * Float.BYTES + register * VECTOR);
  }
}
