package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * Turns eight rows of stored weights into half a {@link Panel}: codes unpacked and transposed,
 * scales as floats. About a quarter of a cycle a weight, once for all tokens.
 *
 * <p>Arguments: panel half, first row's address, bytes from row to row, storage blocks, what to
 * fetch for later, constants.
 */
final class PackKernel {
  private static final int HALF_STEP = EightRows.COUNT * Integer.BYTES;
  private static final int STEP = Panel.ROWS * Integer.BYTES;
  private static final EightRows ROWS = new EightRows(RSI, RAX, R10, RDX);

  private PackKernel() {}

  static void emit(Assembler a, RowType type, Isa isa) {
    Panel panel = type.panel(isa);
    ROWS.begin(a);
    Label next = new Label();
    a.bind(next);
    type.scales(a, ROWS, isa.vnni(), places(panel));
    int bytes = EightRows.COUNT * type.type().blockBytes();
    for (int block = 0; block < type.blocks(); block++) {
      EightRows.fetchAhead(a, R8, bytes, block, type.blocks());
      int to = block * panel.blockBytes();
      if (panel.dot() == Dot.WORDS) {
        for (int half = 0; half < 2; half++) {
          for (int r = 0; r < EightRows.COUNT; r++) {
            type.words(a, ymm(r), ROWS, r, half);
          }
          store(a, to + half * 8 * STEP);
        }
      } else {
        for (int r = 0; r < EightRows.COUNT; r++) {
          type.codes(a, ymm(r), ROWS, r, block);
        }
        store(a, to);
      }
    }
    a.add(RDI, type.blocks() * panel.blockBytes());
    a.add(R8, bytes);
    ROWS.advance(a, type.type().blockBytes());
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vzeroupper();
    a.ret();
  }

  private static void store(Assembler a, int offset) {
    EightRows.transpose(a);
    for (int step = 0; step < 8; step++) {
      a.vmovdqu(at(RDI, offset + step * STEP), ymm(step));
    }
  }

  private static RowType.Places places(Panel panel) {
    return new RowType.Places() {
      @Override
      public Mem scale(int block) {
        return at(RDI, block * panel.blockBytes() + panel.scaleAt());
      }

      @Override
      public Mem minimum(int block) {
        return at(RDI, block * panel.blockBytes() + panel.minimumAt());
      }

      @Override
      public Mem group(int block, int group) {
        return at(RDI, block * panel.blockBytes() + panel.groupsAt() + group * 2 * HALF_STEP);
      }
    };
  }
}
