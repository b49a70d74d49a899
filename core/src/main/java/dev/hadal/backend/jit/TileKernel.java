package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
import static dev.hadal.backend.jit.Gpr.R12;
import static dev.hadal.backend.jit.Gpr.R14;
import static dev.hadal.backend.jit.Gpr.R15;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.R9;
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
 * The inner product of a panel of 16 weight rows with tiles of 1 to 6 tokens, for AVX2 and
 * AVX-VNNI: out_to += sum_b scale_ob * (scale_tb * sum_i w_oi x_ti) (+ minimum_ob * sum_tb).
 *
 * <p>Lanes are rows: a step loads 4 bytes of each of 16 rows (two registers) and multiplies them by
 * 4 bytes of each token, broadcast. Two row registers by six tokens are 12 integer sums, which with
 * two registers of weights, one of activations and one for the product fill the sixteen; the float
 * sums therefore live in memory, once a block. Whatever the number of tokens, a row's sums are
 * added in the same order.
 */
final class TileKernel {
  /** Most tokens of a tile. */
  static final int MAX_TOKENS = 6;

  /** Where a call's numbers lie, in bytes, and what the code itself keeps there. */
  static final class Call {
    static final int PANEL = 0;
    static final int X = 8;
    static final int OUT = 16;
    static final int STEPS = 24;
    static final int X_STRIDE = 32;
    static final int OUT_STRIDE = 40;
    static final int TILES = 48;
    static final int ADD = 56; // 0: out is written, not added to
    static final int ONES = 64; // 16 times the 16-bit number 1
    static final int SUMS = 128;
    static final int HALF_SUMS = SUMS + MAX_TOKENS * 64;
    static final int BYTES = HALF_SUMS + MAX_TOKENS * 64;

    private Call() {}
  }

  private static final int VECTOR = 32;
  private static final int HALVES = 2; // registers a panel's row takes
  private static final Vec[] W = {ymm(12), ymm(13)};
  private static final Vec X = ymm(14);
  private static final Vec PRODUCT = ymm(15);

  private final Assembler a;
  private final Panel panel;
  private final int tokens;

  private TileKernel(Assembler a, Panel panel, int tokens) {
    this.a = a;
    this.panel = panel;
    this.tokens = tokens;
  }

  /** Writes the kernel for tiles of {@code tokens} tokens. */
  static void emit(Assembler a, Panel panel, int tokens) {
    new TileKernel(a, panel, tokens).function();
  }

  private void function() {
    a.push(RBX);
    a.push(RBP);
    a.push(R12);
    a.push(R14);
    a.push(R15);
    a.mov(RBP, RDI);
    a.mov(R12, at(RBP, Call.X));
    a.mov(RDX, at(RBP, Call.OUT));
    a.mov(R8, at(RBP, Call.X_STRIDE));
    a.mov(R9, at(RBP, Call.OUT_STRIDE));
    a.mov(R11, at(RBP, Call.TILES));
    a.mov(R10, at(RBP, Call.PANEL));
    Label nextTile = new Label();
    a.bind(nextTile);
    tile();
    for (int t = 0; t < tokens; t++) {
      a.add(R12, R8);
    }
    a.sub(R11, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextTile);
    a.vzeroupper();
    a.pop(R15);
    a.pop(R14);
    a.pop(R12);
    a.pop(RBP);
    a.pop(RBX);
    a.ret();
  }

  private void tile() {
    startSums();
    a.mov(RDI, R10);
    a.mov(RSI, R12);
    a.lea(RBX, at(R12, R8, 2, 0));
    a.add(RBX, R8);
    a.mov(R14, RSI);
    for (int t = 0; t < tokens; t++) {
      a.add(R14, R8);
    }
    a.lea(R15, at(R14, R8, 2, 0));
    a.add(R15, R8);
    a.mov(RCX, at(RBP, Call.STEPS));
    Label nextBlock = new Label();
    a.bind(nextBlock);
    for (int t = 0; t < tokens; t++) { // the next tile's record, while this one is worked on
      a.prefetcht0(record(R14, R15, t, 0));
    }
    block();
    a.add(R14, panel.recordBytes());
    a.add(R15, panel.recordBytes());
    a.add(RDI, panel.blockBytes());
    a.add(RSI, panel.recordBytes());
    a.add(RBX, panel.recordBytes());
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextBlock);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < HALVES; h++) {
        a.vmovups(X, sum(h, t));
        a.vmovups(at(RDX, h * VECTOR), X);
      }
      a.add(RDX, R9);
    }
  }

  /** Zero, or what out holds already. */
  private void startSums() {
    Label add = new Label();
    Label started = new Label();
    a.mov(RAX, at(RBP, Call.ADD));
    a.cmp(RAX, 0);
    a.jump(Assembler.If.NOT_EQUAL, add);
    a.vxorps(X, X, X);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < HALVES; h++) {
        a.vmovups(sum(h, t), X);
      }
    }
    a.jump(started);
    a.bind(add);
    a.mov(RAX, RDX);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < HALVES; h++) {
        a.vmovups(X, at(RAX, h * VECTOR));
        a.vmovups(sum(h, t), X);
      }
      a.add(RAX, R9);
    }
    a.bind(started);
  }

  private void block() {
    if (panel.groupsOf16()) {
      int half = panel.steps() / 2;
      steps(0, half, 0);
      scaleGroup(0);
      for (int t = 0; t < tokens; t++) {
        for (int h = 0; h < HALVES; h++) {
          a.vmovdqu(halfSum(h, t), integer(h, t));
        }
      }
      steps(half, panel.steps(), 4);
      scaleGroup(1);
      for (int t = 0; t < tokens; t++) {
        for (int h = 0; h < HALVES; h++) {
          a.vpaddd(integer(h, t), integer(h, t), halfSum(h, t));
        }
      }
    } else {
      steps(0, panel.steps(), 0);
    }
    finish();
  }

  private void steps(int from, int to, int start) {
    for (int t = 0; t < tokens; t++) {
      if (panel.dot() == Dot.WORDS) {
        a.vpxor(integer(0, t), integer(0, t), integer(0, t));
      } else {
        a.vpbroadcastd(integer(0, t), activation(t, panel.startAt() + start));
      }
      a.vmovdqa(integer(1, t), integer(0, t));
    }
    for (int step = from; step < to; step++) {
      for (int h = 0; h < HALVES; h++) {
        a.vmovdqu(W[h], at(RDI, step * Panel.ROWS * Integer.BYTES + h * VECTOR));
      }
      for (int t = 0; t < tokens; t++) {
        a.vpbroadcastd(X, activation(t, step * Integer.BYTES));
        switch (panel.dot()) {
          case BYTES -> {
            a.vpmaddubsw(PRODUCT, W[0], X);
            a.vpaddw(integer(0, t), integer(0, t), PRODUCT);
            a.vpmaddubsw(X, W[1], X);
            a.vpaddw(integer(1, t), integer(1, t), X);
          }
          case WORDS -> {
            a.vpmaddwd(PRODUCT, W[0], X);
            a.vpaddd(integer(0, t), integer(0, t), PRODUCT);
            a.vpmaddwd(X, W[1], X);
            a.vpaddd(integer(1, t), integer(1, t), X);
          }
          case VNNI -> {
            a.vpdpbusd(integer(0, t), W[0], X);
            a.vpdpbusd(integer(1, t), W[1], X);
          }
        }
      }
    }
  }

  /** 16-bit sums of 16 columns, times the group's scale, to 32 bits. */
  private void scaleGroup(int group) {
    for (int h = 0; h < HALVES; h++) {
      a.vmovdqu(W[h], at(RDI, panel.groupsAt() + group * Panel.ROWS * Integer.BYTES + h * VECTOR));
    }
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < HALVES; h++) {
        if (panel.dot() == Dot.VNNI) {
          a.vpmulld(integer(h, t), integer(h, t), W[h]);
        } else {
          a.vpmaddwd(integer(h, t), integer(h, t), W[h]);
        }
      }
    }
  }

  /** Whole numbers to floats, scaled and added to the sums in memory. */
  private void finish() {
    for (int h = 0; h < HALVES; h++) {
      a.vmovups(W[h], at(RDI, panel.scaleAt() + h * VECTOR));
    }
    for (int t = 0; t < tokens; t++) {
      a.vbroadcastss(X, activation(t, panel.activationScaleAt()));
      if (panel.minimum()) {
        a.vbroadcastss(PRODUCT, activation(t, panel.activationSumAt()));
      }
      for (int h = 0; h < HALVES; h++) {
        Vec sum = integer(h, t);
        if (panel.dot() == Dot.BYTES && !panel.groupsOf16()) {
          a.vpmaddwd(sum, sum, at(RBP, Call.ONES));
        }
        a.vcvtdq2ps(sum, sum);
        a.vmulps(sum, sum, W[h]);
        a.vfmadd213ps(sum, X, sum(h, t));
        if (panel.minimum()) {
          a.vfmadd231ps(sum, PRODUCT, at(RDI, panel.minimumAt() + h * VECTOR));
        }
        a.vmovups(sum(h, t), sum);
      }
    }
  }

  private Vec integer(int half, int token) {
    return ymm(half * tokens + token);
  }

  private static Mem sum(int half, int token) {
    return at(RBP, Call.SUMS + token * 64 + half * VECTOR);
  }

  private static Mem halfSum(int half, int token) {
    return at(RBP, Call.HALF_SUMS + token * 64 + half * VECTOR);
  }

  private static Mem activation(int token, int offset) {
    return record(RSI, RBX, token, offset);
  }

  /** A token's record, {@code offset} bytes into it: three tokens to a base register. */
  private static Mem record(Gpr base0, Gpr base3, int token, int offset) {
    Gpr base = token < 3 ? base0 : base3;
    return token % 3 == 0 ? at(base, offset) : at(base, R8, token % 3, offset);
  }
}
