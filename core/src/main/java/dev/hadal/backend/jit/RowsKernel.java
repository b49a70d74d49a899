package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
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
  private static final Gpr AHEAD = R11;
  private static final int VECTOR = 32;
  private static final Vec X = ymm(14);
  private static final Vec MORE_X = ymm(13);
  private static final Vec SUM = ymm(15);

  private RowsKernel() {}

  static void emit(Assembler a, RowType type, Isa isa) {
    Panel panel = type.panel(isa);
    if (isa == Isa.AVX512_VNNI) {
      a.dotProductsByEvex();
    }
    a.sub(RSP, StackPlaces.bytes(type.blocks()));
    ROWS.begin(a);
    a.vxorps(SUM, SUM, SUM);
    a.lea(AHEAD, at(ROWS.base6(), ROWS.stride(), 2, 0));
    Label next = new Label();
    a.bind(next);
    int bytes = EightRows.COUNT * type.type().blockBytes();
    type.scales(a, ROWS, isa.vnni(), new StackPlaces());
    for (int block = 0; block < type.blocks(); block++) {
      EightRows.fetchAhead(a, AHEAD, bytes, block, type.blocks());
      products(a, type, panel, block);
      finish(a, panel, type.zero(isa) == 0, block);
      a.add(R8, panel.recordBytes());
    }
    a.add(AHEAD, bytes);
    ROWS.advance(a, type.type().blockBytes());
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.vmovups(at(RDI), SUM);
    a.add(RSP, StackPlaces.bytes(type.blocks()));
    a.vzeroupper();
    a.ret();
  }

  /** Registers 0 to 7: partial sums of each row, columns 0 to 15 in the lower halves. */
  private static void products(Assembler a, RowType type, Panel panel, int block) {
    a.vmovdqu(X, at(R8));
    if (panel.dot() == Dot.WORDS) {
      a.vmovdqu(MORE_X, at(R8, VECTOR));
      for (int r = 0; r < EightRows.COUNT; r++) {
        type.words(a, ymm(r), ROWS, r, 0);
        type.words(a, ymm(9), ROWS, r, 1);
        a.vpmaddwd(ymm(r), ymm(r), X);
        a.vpmaddwd(ymm(9), ymm(9), MORE_X);
        a.vpaddd(ymm(r), ymm(r), ymm(9));
      }
    } else {
      for (int r = 0; r < EightRows.COUNT; r++) {
        type.codes(a, ymm(r), ROWS, r, block);
        if (panel.dot() == Dot.VNNI) {
          a.vmovdqa(ymm(9), ymm(r));
          a.vpxor(ymm(r), ymm(r), ymm(r));
          a.vpdpbusd(ymm(r), ymm(9), X);
        } else {
          a.vpmaddubsw(ymm(r), ymm(r), X);
        }
      }
    }
  }

  /** Sums each row's partial sums, scales them and adds them up. */
  private static void finish(Assembler a, Panel panel, boolean startsAtZero, int block) {
    Vec sums = ymm(0);
    StackPlaces scratch = new StackPlaces();
    if (panel.groupsOf16()) {
      Vec second = ymm(1);
      RowSums.ofFour(a, panel, 0, ymm(9));
      RowSums.ofFour(a, panel, 4, ymm(9));
      a.vperm2i128(second, ymm(0), ymm(4), 0x31);
      a.vinserti128(sums, ymm(0), ymm(4).low(), 1);
      for (int group = 0; group < 2; group++) {
        RowSums.start(a, panel, ymm(group), ymm(5), at(R8, panel.startAt() + 4 * group));
        RowSums.scale(a, panel, ymm(group), scratch.group(block, group));
      }
      a.vpaddd(sums, sums, second);
    } else {
      for (int r = 0; r < 4; r++) { // row r below, row r + 4 above
        a.vpblendd(ymm(9), ymm(r), ymm(r + 4), 0xf0);
        a.vperm2i128(ymm(r), ymm(r), ymm(r + 4), 0x21);
        RowSums.add(a, panel, ymm(r), ymm(r), ymm(9));
      }
      RowSums.ofFour(a, panel, 0, ymm(9));
      if (!startsAtZero) {
        RowSums.start(a, panel, sums, ymm(5), at(R8, panel.startAt()));
      }
      if (panel.dot() == Dot.BYTES) {
        a.vpmaddwd(sums, sums, Constants.ONE_WORDS.at());
      }
    }
    a.vcvtdq2ps(sums, sums);
    a.vmulps(sums, sums, scratch.scale(block));
    a.vbroadcastss(ymm(3), at(R8, panel.activationScaleAt()));
    a.vfmadd231ps(SUM, sums, ymm(3));
    if (panel.minimum()) {
      a.vbroadcastss(ymm(3), at(R8, panel.activationSumAt()));
      a.vfmadd231ps(SUM, ymm(3), scratch.minimum(block));
    }
  }
}
