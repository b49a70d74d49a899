package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Gpr.RSP;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * Eight rows of stored weights times one token: decoding, where each weight is read once and the
 * memory is the limit. The sums are those of {@link TileKernel}, added in the same order: the
 * result is the same to the last bit.
 *
 * <p>Eight rows are eight streams for the prefetchers, and let the scales be unpacked for eight
 * lanes at once. Arguments: out (8 floats), first row's address, bytes from row to row, storage
 * blocks, activation records, constants.
 */
final class RowsKernel {
  private static final EightRows ROWS = new EightRows(RSI, RAX, R10, RDX);
  private static final int VECTOR = 32;
  private static final int SCRATCH = 8 * 4 * VECTOR;
  private static final Vec X = ymm(14);
  private static final Vec MORE_X = ymm(13);
  private static final Vec SUM = ymm(15);

  private RowsKernel() {}

  static void emit(Assembler a, RowType type) {
    a.sub(RSP, SCRATCH);
    ROWS.begin(a);
    a.vxorps(SUM, SUM, SUM);
    Label next = new Label();
    a.bind(next);
    type.scales(a, ROWS, new OnStack());
    for (int block = 0; block < type.blocks(); block++) {
      products(a, type, block);
      finish(a, type.panel(), block);
      a.add(R8, type.panel().recordBytes());
    }
    ROWS.advance(a, type.type().blockBytes());
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vmovups(at(RDI), SUM);
    a.add(RSP, SCRATCH);
    a.vzeroupper();
    a.ret();
  }

  /** Registers 0 to 7: eight partial sums of each row, columns 0 to 15 in the lower halves. */
  private static void products(Assembler a, RowType type, int block) {
    if (type.panel().dot() == Dot.WORDS) {
      a.vmovdqu(X, at(R8));
      a.vmovdqu(MORE_X, at(R8, VECTOR));
      for (int r = 0; r < EightRows.COUNT; r++) {
        type.words(a, ymm(r), ROWS, r, 0);
        type.words(a, ymm(9), ROWS, r, 1);
        a.vpmaddwd(ymm(r), ymm(r), X);
        a.vpmaddwd(ymm(9), ymm(9), MORE_X);
        a.vpaddd(ymm(r), ymm(r), ymm(9));
      }
    } else {
      a.vmovdqu(X, at(R8));
      a.vmovdqa(MORE_X, Constants.ONE_WORDS.at());
      for (int r = 0; r < EightRows.COUNT; r++) {
        type.codes(a, ymm(r), ROWS, r, block);
        a.vpmaddubsw(ymm(r), ymm(r), X);
        a.vpmaddwd(ymm(r), ymm(r), MORE_X);
      }
    }
  }

  /** Sums each row's partial sums, scales them and adds them up. */
  private static void finish(Assembler a, Panel panel, int block) {
    for (int r = 0; r < EightRows.COUNT; r += 2) {
      a.vphaddd(ymm(r), ymm(r), ymm(r + 1));
    }
    a.vphaddd(ymm(0), ymm(0), ymm(2));
    a.vphaddd(ymm(4), ymm(4), ymm(6));
    Vec first = ymm(1); // columns 0 to 15 of all rows
    Vec second = ymm(2);
    a.vinserti128(first, ymm(0), ymm(4).low(), 1);
    a.vperm2i128(second, ymm(0), ymm(4), 0x31);
    OnStack scratch = new OnStack();
    if (panel.groupsOf16()) {
      for (int group = 0; group < 2; group++) {
        Vec sum = group == 0 ? first : second;
        start(a, sum, panel.startAt() + 4 * group);
        a.vmovdqu(ymm(3), scratch.group(block, group));
        a.vpsrad(ymm(3), ymm(3), 16);
        a.vpmulld(sum, sum, ymm(3));
      }
      a.vpaddd(first, first, second);
    } else {
      a.vpaddd(first, first, second);
      if (panel.dot() != Dot.WORDS) {
        start(a, first, panel.startAt());
      }
    }
    a.vcvtdq2ps(first, first);
    a.vmulps(first, first, scratch.scale(block));
    a.vbroadcastss(ymm(3), at(R8, panel.activationScaleAt()));
    a.vfmadd231ps(SUM, first, ymm(3));
    if (panel.minimum()) {
      a.vbroadcastss(ymm(3), at(R8, panel.activationSumAt()));
      a.vfmadd231ps(SUM, ymm(3), scratch.minimum(block));
    }
  }

  /** Adds minus zero point times activations: a pair of 16-bit numbers in the record. */
  private static void start(Assembler a, Vec sum, int offset) {
    a.vpbroadcastd(ymm(5), at(R8, offset));
    a.vpmaddwd(ymm(5), ymm(5), MORE_X);
    a.vpaddd(sum, sum, ymm(5));
  }

  /** A storage block's scales, kept on the stack while its codes are multiplied. */
  private static final class OnStack implements RowType.Places {
    @Override
    public Mem scale(int block) {
      return at(RSP, block * 4 * VECTOR);
    }

    @Override
    public Mem minimum(int block) {
      return at(RSP, block * 4 * VECTOR + VECTOR);
    }

    @Override
    public Mem group(int block, int group) {
      return at(RSP, block * 4 * VECTOR + (2 + group) * VECTOR);
    }
  }
}
