package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * What {@link FloatTileKernel} reads: weights widened, a step of sixteen rows after the other;
 * activations as they are.
 */
final class FloatPackKernel {
  /** Bytes of one row's step. */
  static final int ROW = FloatType.STEP * Float.BYTES;

  private static final EightRows ROWS = new EightRows(RSI, RAX, R8, RDX);

  private FloatPackKernel() {}

  /** See {@link Recipe#pack}. */
  static void weights(Assembler a, FloatType type) {
    ROWS.begin(a);
    Label next = new Label();
    a.bind(next);
    for (int r = 0; r < EightRows.COUNT; r++) {
      type.widen(a, ymm(r), ROWS.at(r, 0));
      a.vmovups(at(RDI, r * ROW), ymm(r));
    }
    a.add(RDI, Panel.ROWS * ROW);
    ROWS.advance(a, type.stepBytes());
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vzeroupper();
    a.ret();
  }

  /** Copies; see {@link Recipe#activations}. */
  static void activations(Assembler a) {
    Label next = new Label();
    a.bind(next);
    a.vmovups(ymm(0), at(RDI));
    a.vmovups(at(RSI), ymm(0));
    a.add(RDI, ROW);
    a.add(RSI, ROW);
    a.sub(RDX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vzeroupper();
    a.ret();
  }
}
