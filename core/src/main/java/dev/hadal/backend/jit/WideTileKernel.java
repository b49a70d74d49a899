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
import static dev.hadal.backend.jit.Vec.zmm;

/**
 * {@link TileKernel} for AVX-512 VNNI: a panel's 16 rows are one register, vpdpbusd broadcasts the
 * activations itself, and of 32 registers 12 hold whole-number sums, 12 float sums. The same
 * arguments, and the same sums in the same order.
 */
final class WideTileKernel {
  private static final Vec W = zmm(24);
  private static final Vec SCALE = zmm(25);
  private static final Vec MINIMUM = zmm(26);
  private static final int VECTOR = 64;
  private static final Gpr[] X = {RSI, RBX, R12, R15}; // of tokens 0, 3, 6, 9

  private final Assembler a;
  private final Panel panel;
  private final int tokens;

  private WideTileKernel(Assembler a, Panel panel, int tokens) {
    this.a = a;
    this.panel = panel;
    this.tokens = tokens;
  }

  /** Most tokens of a tile: sums of half a block need registers too. */
  static int maxTokens(Panel panel) {
    return panel.groupsOf16() ? 8 : 12;
  }

  static void emit(Assembler a, Panel panel, int tokens) {
    new WideTileKernel(a, panel, tokens).function();
  }

  private void function() {
    Gpr[] kept = {RBX, RBP, R12, R14, R15};
    for (Gpr register : kept) {
      a.push(register);
    }
    a.mov(RBP, RDI);
    a.mov(R14, at(RBP, TileKernel.Call.X));
    a.mov(RDX, at(RBP, TileKernel.Call.OUT));
    a.mov(R8, at(RBP, TileKernel.Call.X_STRIDE));
    a.mov(R9, at(RBP, TileKernel.Call.OUT_STRIDE));
    a.mov(R11, at(RBP, TileKernel.Call.TILES));
    a.mov(R10, at(RBP, TileKernel.Call.PANEL));
    Label nextTile = new Label();
    a.bind(nextTile);
    tile();
    for (int t = 0; t < tokens; t++) {
      a.add(R14, R8);
    }
    a.sub(R11, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextTile);
    a.vzeroupper();
    for (int i = kept.length - 1; i >= 0; i--) {
      a.pop(kept[i]);
    }
    a.ret();
  }

  private void tile() {
    startSums();
    a.mov(RDI, R10);
    a.mov(X[0], R14);
    for (int i = 1; i < X.length; i++) {
      a.lea(X[i], at(X[i - 1], R8, 2, 0));
      a.add(X[i], R8);
    }
    a.mov(RCX, at(RBP, TileKernel.Call.STEPS));
    Label nextBlock = new Label();
    a.bind(nextBlock);
    block();
    a.add(RDI, panel.blockBytes());
    for (Gpr x : X) {
      a.add(x, panel.recordBytes());
    }
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextBlock);
    for (int t = 0; t < tokens; t++) {
      a.vmovups(at(RDX), sum(t));
      a.add(RDX, R9);
    }
  }

  /** Zero, or what out holds already. */
  private void startSums() {
    Label add = new Label();
    Label started = new Label();
    a.mov(RAX, at(RBP, TileKernel.Call.ADD));
    a.cmp(RAX, 0);
    a.jump(Assembler.If.NOT_EQUAL, add);
    for (int t = 0; t < tokens; t++) {
      a.vpxor(sum(t), sum(t), sum(t));
    }
    a.jump(started);
    a.bind(add);
    a.mov(RAX, RDX);
    for (int t = 0; t < tokens; t++) {
      a.vmovups(sum(t), at(RAX));
      a.add(RAX, R9);
    }
    a.bind(started);
  }

  private void block() {
    if (panel.groupsOf16()) {
      int half = panel.steps() / 2;
      steps(0, half, 0);
      a.vmovdqu(SCALE, at(RDI, panel.groupsAt()));
      for (int t = 0; t < tokens; t++) {
        a.vpmulld(halfSum(t), integer(t), SCALE);
      }
      steps(half, panel.steps(), 4);
      a.vmovdqu(SCALE, at(RDI, panel.groupsAt() + VECTOR));
      for (int t = 0; t < tokens; t++) {
        a.vpmulld(integer(t), integer(t), SCALE);
        a.vpaddd(integer(t), integer(t), halfSum(t));
      }
    } else {
      steps(0, panel.steps(), 0);
    }
    finish();
  }

  private void steps(int from, int to, int start) {
    for (int t = 0; t < tokens; t++) {
      a.vpbroadcastd(integer(t), activation(t, panel.startAt() + start));
    }
    for (int step = from; step < to; step++) {
      a.vmovdqu(W, at(RDI, step * VECTOR));
      for (int t = 0; t < tokens; t++) {
        a.vpdpbusd(integer(t), W, activation(t, step * Integer.BYTES).toAllLanes());
      }
    }
  }

  private void finish() {
    a.vmovups(SCALE, at(RDI, panel.scaleAt()));
    if (panel.minimum()) {
      a.vmovups(MINIMUM, at(RDI, panel.minimumAt()));
    }
    for (int t = 0; t < tokens; t++) {
      a.vcvtdq2ps(integer(t), integer(t));
      a.vmulps(integer(t), integer(t), SCALE);
      a.vfmadd231ps(sum(t), integer(t), activation(t, panel.activationScaleAt()).toAllLanes());
      if (panel.minimum()) {
        a.vfmadd231ps(sum(t), MINIMUM, activation(t, panel.activationSumAt()).toAllLanes());
      }
    }
  }

  private Vec integer(int token) {
    return zmm(token);
  }

  private Vec sum(int token) {
    return zmm(maxTokens(panel) + token);
  }

  private Vec halfSum(int token) {
    return zmm(2 * maxTokens(panel) + token); // 16 to 23, where there are groups
  }

  private static Mem activation(int token, int offset) {
    Gpr base = X[token / 3];
    return token % 3 == 0 ? at(base, offset) : at(base, R8, token % 3, offset);
  }
}
