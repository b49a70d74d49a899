package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R10;
import static dev.hadal.backend.jit.Gpr.R11;
import static dev.hadal.backend.jit.Gpr.R12;
import static dev.hadal.backend.jit.Gpr.R13;
import static dev.hadal.backend.jit.Gpr.R14;
import static dev.hadal.backend.jit.Gpr.R15;
import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RBP;
import static dev.hadal.backend.jit.Gpr.RBX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Gpr.RSP;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * Eight rows of stored weights times a few tokens: several conversations decoding together, where
 * weights are met too seldom to be worth packing. The sums are those of {@link RowsKernel}, to the
 * last bit.
 *
 * <p>The codes of four rows are brought to registers once and meet all tokens; what they sum to
 * waits on the stack for the other four rows. Arguments: a {@link Call}, first row's address, bytes
 * from row to row, storage blocks, the first token's records, constants.
 */
final class StripKernel {
  /** Most tokens at once: six registers reach so many records, three each. */
  static final int MAX_TOKENS = 16;

  /** Where a call's other numbers lie, in bytes. */
  static final class Call {
    static final int OUT = 0;
    static final int OUT_STRIDE = 8;
    static final int X_STRIDE = 16;
    static final int BYTES = 64;

    private Call() {}
  }

  private static final EightRows ROWS = new EightRows(RSI, RAX, R10, RDX);
  private static final Gpr AHEAD = R11;
  private static final Gpr X_STRIDE = R12;
  private static final Gpr[] RECORDS = {R8, RBX, RBP, R13, R14, R15}; // of tokens 0, 3, 6 ...
  private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14, R15};
  private static final int VECTOR = 32;
  private static final int FOUR = 4;
  private static final Vec SPARE = ymm(12);
  private static final Vec X_SCALE = ymm(13);
  private static final Vec X = ymm(14);
  private static final Vec MORE_X = ymm(15);

  private final Assembler a;
  private final RowType type;
  private final Panel panel;
  private final boolean vnni;
  private final boolean startsAtZero;
  private final int tokens;
  private final int bases; // registers that reach the tokens' records
  private final StackPlaces places;

  private StripKernel(Assembler a, RowType type, Isa isa, int tokens) {
    this.a = a;
    this.type = type;
    this.panel = type.panel(isa);
    this.vnni = isa.vnni();
    this.startsAtZero = type.zero(isa) == 0;
    this.tokens = tokens;
    this.bases = Math.ceilDiv(tokens, 3);
    this.places = new StackPlaces();
  }

  /** Writes the kernel for {@code tokens} tokens. */
  static void emit(Assembler a, RowType type, Isa isa, int tokens) {
    if (isa == Isa.AVX512_VNNI) {
      a.dotProductsByEvex();
    }
    new StripKernel(a, type, isa, tokens).function();
  }

  private void function() {
    for (Gpr register : KEPT) {
      a.push(register);
    }
    int frame = StackPlaces.bytes(type.blocks()) + 2 * tokens * VECTOR;
    a.sub(RSP, frame);
    a.mov(X_STRIDE, at(RDI, Call.X_STRIDE));
    for (int i = 1; i < bases; i++) {
      a.lea(RECORDS[i], at(RECORDS[i - 1], X_STRIDE, 2, 0));
      a.add(RECORDS[i], X_STRIDE);
    }
    ROWS.begin(a);
    a.lea(AHEAD, at(ROWS.base6(), ROWS.stride(), 2, 0));
    a.vxorps(SPARE, SPARE, SPARE);
    for (int t = 0; t < tokens; t++) {
      a.vmovups(sum(t), SPARE);
    }
    Label next = new Label();
    a.bind(next);
    storageBlock();
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    a.mov(RAX, at(RDI, Call.OUT_STRIDE));
    a.mov(RDI, at(RDI, Call.OUT));
    for (int t = 0; t < tokens; t++) {
      a.vmovups(SPARE, sum(t));
      a.vmovups(at(RDI), SPARE);
      a.add(RDI, RAX);
    }
    a.vzeroupper();
    a.add(RSP, frame);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      a.pop(KEPT[i]);
    }
    a.ret();
  }

  private void storageBlock() {
    int bytes = EightRows.COUNT * type.type().blockBytes();
    type.scales(a, ROWS, vnni, places);
    for (int block = 0; block < type.blocks(); block++) {
      EightRows.fetchAhead(a, AHEAD, bytes, block, type.blocks());
      for (int first = 0; first < EightRows.COUNT; first += FOUR) {
        load(block, first);
        for (int t = 0; t < tokens; t++) {
          multiply(t);
          RowSums.ofFour(a, panel, 8, SPARE);
          if (first == 0) {
            a.vmovdqu(firstFour(t), ymm(8));
          } else {
            finish(block, t);
          }
        }
      }
      for (int i = 0; i < bases; i++) {
        a.add(RECORDS[i], panel.recordBytes());
      }
    }
    a.add(AHEAD, bytes);
    ROWS.advance(a, type.type().blockBytes());
  }

  /** Codes of rows {@code first} to {@code first + 3} into registers 0 to 3, or 0 to 7. */
  private void load(int block, int first) {
    for (int r = 0; r < FOUR; r++) {
      if (panel.dot() == Dot.WORDS) {
        type.words(a, ymm(2 * r), ROWS, first + r, 0);
        type.words(a, ymm(2 * r + 1), ROWS, first + r, 1);
      } else {
        type.codes(a, ymm(r), ROWS, first + r, block);
      }
    }
  }

  /** Registers 8 to 11: partial sums of each row, columns 0 to 15 in the lower halves. */
  private void multiply(int token) {
    a.vmovdqu(X, record(token, 0));
    if (panel.dot() == Dot.WORDS) {
      a.vmovdqu(MORE_X, record(token, VECTOR));
    }
    for (int r = 0; r < FOUR; r++) {
      Vec sum = ymm(8 + r);
      switch (panel.dot()) {
        case WORDS -> {
          a.vpmaddwd(sum, ymm(2 * r), X);
          a.vpmaddwd(SPARE, ymm(2 * r + 1), MORE_X);
          a.vpaddd(sum, sum, SPARE);
        }
        case BYTES -> a.vpmaddubsw(sum, ymm(r), X);
        case VNNI -> {
          a.vpxor(sum, sum, sum);
          a.vpdpbusd(sum, ymm(r), X);
        }
      }
    }
  }

  /** Both fours' sums in one register, scaled and added to the token's sums. */
  private void finish(int block, int token) {
    Vec fourth = ymm(8);
    Vec first = ymm(9);
    Vec second = ymm(10); // columns 16 to 31
    a.vmovdqu(first, firstFour(token));
    a.vperm2i128(second, first, fourth, 0x31);
    a.vinserti128(first, first, fourth.low(), 1);
    if (panel.groupsOf16()) {
      RowSums.start(a, panel, first, SPARE, record(token, panel.startAt()));
      RowSums.start(a, panel, second, SPARE, record(token, panel.startAt() + 4));
      RowSums.scale(a, panel, first, places.group(block, 0));
      RowSums.scale(a, panel, second, places.group(block, 1));
      a.vpaddd(first, first, second);
    } else {
      RowSums.add(a, panel, first, first, second);
      if (!startsAtZero) {
        RowSums.start(a, panel, first, SPARE, record(token, panel.startAt()));
      }
      if (panel.dot() == Dot.BYTES) {
        a.vpmaddwd(first, first, Constants.ONE_WORDS.at());
      }
    }
    a.vcvtdq2ps(first, first);
    a.vmulps(first, first, places.scale(block));
    a.vbroadcastss(X_SCALE, record(token, panel.activationScaleAt()));
    a.vfmadd213ps(first, X_SCALE, sum(token));
    if (panel.minimum()) {
      a.vbroadcastss(X_SCALE, record(token, panel.activationSumAt()));
      a.vfmadd231ps(first, X_SCALE, places.minimum(block));
    }
    a.vmovups(sum(token), first);
  }

  private Mem record(int token, int offset) {
    Gpr base = RECORDS[token / 3];
    return token % 3 == 0 ? at(base, offset) : at(base, X_STRIDE, token % 3, offset);
  }

  private Mem firstFour(int token) {
    return at(RSP, StackPlaces.bytes(type.blocks()) + 2 * token * VECTOR);
  }

  private Mem sum(int token) {
    return at(RSP, StackPlaces.bytes(type.blocks()) + (2 * token + 1) * VECTOR);
  }
}
