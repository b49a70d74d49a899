package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
import static dev.hadal.backend.jit.Gpr.R12;
import static dev.hadal.backend.jit.Gpr.R14;
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
import static dev.hadal.backend.jit.Vec.xmm;
import static dev.hadal.backend.jit.Vec.ymm;

import dev.hadal.backend.jit.TileKernel.Call;

/**
 * The inner product of a panel of 16 float rows with tiles of 1 to 3 tokens, four rows at a time.
 * Four rows by three tokens are twelve sums, enough to keep two multiply-adds a cycle going, for
 * seven loads.
 */
final class FloatTileKernel {
  /** Most tokens of a tile. */
  static final int MAX_TOKENS = 3;

  private static final int STEP = Panel.ROWS * FloatPackKernel.ROW;
  private static final int QUADS = Panel.ROWS / FloatType.QUAD;
  private static final Vec W = ymm(15);

  private final Assembler a;
  private final int tokens;

  private FloatTileKernel(Assembler a, int tokens) {
    this.a = a;
    this.tokens = tokens;
  }

  /** Writes the kernel for tiles of {@code tokens} tokens. */
  static void emit(Assembler a, int tokens) {
    new FloatTileKernel(a, tokens).function();
  }

  private void function() {
    a.push(RBX);
    a.push(RBP);
    a.push(R12);
    a.push(R14);
    a.mov(RBP, RDI);
    a.mov(R12, at(RBP, Call.X));
    a.mov(RDX, at(RBP, Call.OUT));
    a.mov(R8, at(RBP, Call.X_STRIDE));
    a.mov(R9, at(RBP, Call.OUT_STRIDE));
    a.mov(R11, at(RBP, Call.TILES));
    a.mov(R10, at(RBP, Call.PANEL));
    a.mov(RBX, at(RBP, Call.STEPS));
    Label nextTile = new Label();
    a.bind(nextTile);
    tile();
    a.sub(R11, 1);
    a.jump(Assembler.If.NOT_EQUAL, nextTile);
    a.vzeroupper();
    a.pop(R14);
    a.pop(R12);
    a.pop(RBP);
    a.pop(RBX);
    a.ret();
  }

  private void tile() {
    fetchOutputs();
    for (int quad = 0; quad < QUADS; quad++) {
      quad(quad);
    }
    for (int t = 0; t < tokens; t++) {
      a.add(R12, R8);
      a.add(RDX, R9);
    }
  }

  /** The next tile's: they lie too far apart for the processor to foresee. */
  private void fetchOutputs() {
    a.mov(RAX, RDX);
    for (int t = 0; t < tokens; t++) {
      a.add(RAX, R9);
    }
    for (int t = 0; t < tokens; t++) {
      a.prefetcht0(at(RAX));
      a.add(RAX, R9);
    }
  }

  private void quad(int quad) {
    for (int i = 0; i < FloatType.QUAD * tokens; i++) {
      a.vxorps(ymm(i), ymm(i), ymm(i));
    }
    a.lea(RDI, at(R10, quad * FloatType.QUAD * FloatPackKernel.ROW));
    a.mov(RSI, R12);
    if (quad < tokens) { // a token of the next tile is fetched on the way
      a.mov(R14, R12);
      for (int t = 0; t < tokens + quad; t++) {
        a.add(R14, R8);
      }
    }
    a.mov(RCX, RBX);
    steps(quad, 2);
    steps(quad, 1);
    finish(quad);
  }

  /** As many times {@code steps} as are still to do. */
  private void steps(int quad, int steps) {
    Label next = new Label();
    Label end = new Label();
    a.cmp(RCX, steps);
    a.jump(Assembler.If.LESS, end);
    a.bind(next);
    if (quad < tokens) {
      a.prefetcht0(at(R14));
      a.add(R14, steps * FloatPackKernel.ROW);
    }
    for (int step = 0; step < steps; step++) {
      for (int t = 0; t < tokens; t++) {
        a.vmovups(x(t), token(t, step * FloatPackKernel.ROW));
      }
      for (int r = 0; r < FloatType.QUAD; r++) {
        a.vmovups(W, at(RDI, step * STEP + r * FloatPackKernel.ROW));
        for (int t = 0; t < tokens; t++) {
          a.vfmadd231ps(ymm(t * FloatType.QUAD + r), W, x(t));
        }
      }
    }
    a.add(RDI, steps * STEP);
    a.add(RSI, steps * FloatPackKernel.ROW);
    a.sub(RCX, steps);
    a.cmp(RCX, steps);
    a.jump(Assembler.If.NOT_LESS, next);
    a.bind(end);
  }

  /** Adds four rows' sums to the outputs, which are zero or hold something already. */
  private void finish(int quad) {
    int offset = quad * FloatType.QUAD * Float.BYTES;
    Label add = new Label();
    Label done = new Label();
    for (int t = 0; t < tokens; t++) {
      FloatType.sumLanes(a, t * FloatType.QUAD);
    }
    a.mov(RAX, at(RBP, Call.ADD));
    a.cmp(RAX, 0);
    a.mov(RAX, RDX);
    a.jump(Assembler.If.NOT_EQUAL, add);
    a.vxorps(W, W, W); // added, as FloatRowsKernel does: it makes -0 to 0
    for (int t = 0; t < tokens; t++) {
      a.vaddps(sum(t), sum(t), W.low());
      a.vmovups(at(RAX, offset), sum(t));
      a.add(RAX, R9);
    }
    a.jump(done);
    a.bind(add);
    for (int t = 0; t < tokens; t++) {
      a.vaddps(sum(t), sum(t), at(RAX, offset));
      a.vmovups(at(RAX, offset), sum(t));
      a.add(RAX, R9);
    }
    a.bind(done);
  }

  private static Vec sum(int token) {
    return xmm(token * FloatType.QUAD);
  }

  private static Vec x(int token) {
    return ymm(12 + token);
  }

  private static Mem token(int token, int offset) {
    return token == 0 ? at(RSI, offset) : at(RSI, R8, token, offset);
  }
}
