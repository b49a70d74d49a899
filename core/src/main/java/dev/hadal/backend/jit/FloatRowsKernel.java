package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.R9;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.xmm;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * The inner product of four weight rows with one token, for decoding: weights go from memory to
 * registers once. Sums in the order of {@link FloatTileKernel}.
 *
 * <p>Arguments: out (4 floats), first row's address, bytes from row to row, steps, floats of the
 * token.
 */
final class FloatRowsKernel {
  private static final Gpr ROW_3 = R10;
  private static final Gpr AHEAD = R11;
  private static final Gpr LEFT = R9;
  private static final int LINE = 64;
  private static final int HEAD_LINES = 2;
  private static final Vec X = ymm(8);
  private static final Vec W = ymm(9);
  private static final Vec TOTAL = xmm(15);

  private FloatRowsKernel() {}

  static void emit(Assembler a, FloatType type) {
    int panelSteps = type.panelColumns() / FloatType.STEP;
    Label nextPanel = new Label();
    Label last = new Label();
    a.lea(ROW_3, at(RSI, RDX, 2, 0));
    a.add(ROW_3, RDX);
    fetchHeads(a);
    a.mov(LEFT, RCX);
    a.vxorps(TOTAL, TOTAL, TOTAL);
    a.bind(nextPanel);
    for (int r = 0; r < FloatType.QUAD; r++) {
      a.vxorps(ymm(r), ymm(r), ymm(r));
    }
    a.mov(RCX, LEFT);
    a.cmp(RCX, panelSteps);
    a.jump(Assembler.If.LESS, last);
    a.mov32(RCX, panelSteps);
    a.bind(last);
    a.sub(LEFT, RCX);
    steps(a, type, LINE / type.stepBytes());
    steps(a, type, 1); // the rest of a line
    FloatType.sumLanes(a, 0);
    a.vaddps(TOTAL, TOTAL, xmm(0));
    a.cmp(LEFT, 0);
    a.jump(Assembler.If.NOT_EQUAL, nextPanel);
    a.vmovups(at(RDI), TOTAL);
    a.vzeroupper();
    a.ret();
  }

  /**
   * The next rows' beginnings, since the prefetchers take some lines to learn a new stream; what
   * follows they do better than we would.
   */
  private static void fetchHeads(Assembler a) {
    a.lea(AHEAD, at(RSI, RDX, FloatType.QUAD, 0));
    for (int r = 0; r < FloatType.QUAD; r++) {
      for (int line = 0; line < HEAD_LINES; line++) {
        a.prefetcht0(at(AHEAD, line * LINE));
      }
      a.add(AHEAD, RDX);
    }
  }

  /** As many times {@code steps} as are still to do. */
  private static void steps(Assembler a, FloatType type, int steps) {
    Label next = new Label();
    Label end = new Label();
    a.cmp(RCX, steps);
    a.jump(Assembler.If.LESS, end);
    a.bind(next);
    int bytes = steps * type.stepBytes();
    for (int step = 0; step < steps; step++) {
      a.vmovups(X, at(R8, step * FloatPackKernel.ROW));
      for (int r = 0; r < FloatType.QUAD; r++) {
        type.widen(a, W, row(r, step * type.stepBytes()));
        a.vfmadd231ps(ymm(r), W, X);
      }
    }
    a.add(RSI, bytes);
    a.add(ROW_3, bytes);
    a.add(R8, steps * FloatPackKernel.ROW);
    a.sub(RCX, steps);
    a.cmp(RCX, steps);
    a.jump(Assembler.If.NOT_LESS, next);
    a.bind(end);
  }

  private static Mem row(int row, int offset) {
    return switch (row) {
      case 0 -> at(RSI, offset);
      case 3 -> at(ROW_3, offset);
      default -> at(RSI, RDX, row, offset);
    };
  }
}
