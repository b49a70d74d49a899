package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R13;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

import java.lang.foreign.Arena;

/**
 * An assembler that lets AVX-512 VNNI code run on AVX2: the 32 wide registers lie in memory (r13
 * points there), each instruction on them becomes two on halves, and vpdpbusd becomes exact 16-bit
 * products. So a machine without AVX-512 still tries the kernels' logic; their encodings are the
 * assembler test's matter.
 */
final class Avx512InMemory extends Assembler {
  private static final int REGISTER = 64;
  private static final int HALF = 32;
  private static final int SAVED = 32 * REGISTER;
  static final int BYTES = SAVED + 4 * HALF;

  private static final int TO = 12;
  private static final int SECOND = 13;
  private static final int LAST = 14;

  Avx512InMemory(Arena arena) {
    push(R13);
    mov(R13, arena.allocate(BYTES, REGISTER).address());
  }

  @Override
  void ret() {
    pop(R13);
    super.ret();
  }

  @Override
  void vector(VectorOp op, Vec.Width width, int reg, int second, Operand rm) {
    if (width == Vec.Width.ZMM) {
      half(op, reg, second, rm, 0);
      half(op, reg, second, rm, HALF);
    } else if (op == VectorOp.VPDPBUSD) {
      dotProduct(reg, second, rm);
    } else {
      super.vector(op, width, reg, second, rm);
    }
  }

  private void half(VectorOp op, int reg, int second, Operand rm, int half) {
    vmovups(ymm(TO), at(R13, reg * REGISTER + half));
    vmovups(ymm(SECOND), at(R13, second * REGISTER + half));
    Operand last = rm;
    switch (rm) {
      case Vec vec -> {
        vmovups(ymm(LAST), at(R13, vec.number() * REGISTER + half));
        last = ymm(LAST);
      }
      case Mem mem when mem.broadcast() -> {
        vpbroadcastd(ymm(LAST), new Mem(mem.base(), mem.index(), mem.scale(), mem.offset(), false));
        last = ymm(LAST);
      }
      case Mem mem -> last = op == VectorOp.VPBROADCASTD ? mem : mem.plus(half);
    }
    boolean unary = second == 0 && takesOneSource(op);
    vector(op, Vec.Width.YMM, TO, unary ? 0 : SECOND, last);
    vmovups(at(R13, reg * REGISTER + half), ymm(TO));
  }

  private static boolean takesOneSource(VectorOp op) {
    return switch (op) {
      case VMOVUPS, VMOVUPS_STORE, VMOVDQU, VMOVDQU_STORE, VPBROADCASTD, VCVTDQ2PS -> true;
      default -> false;
    };
  }

  /** to += unsigned bytes of a times signed bytes of b, by even and odd bytes. */
  private void dotProduct(int to, int a, Operand b) {
    int[] spare = new int[3];
    for (int register = 0, found = 0; found < 3; register++) {
      if (register != to && register != a && !(b instanceof Vec vec && vec.number() == register)) {
        spare[found] = register;
        vmovups(at(R13, SAVED + found * HALF), ymm(register));
        found++;
      }
    }
    Vec bytes = ymm(spare[0]);
    Vec unsigned = ymm(spare[1]);
    Vec signed = ymm(spare[2]);
    vmovdqu(bytes, b);
    vpsllw(unsigned, ymm(a), 8);
    vpsrlw(unsigned, unsigned, 8);
    vpsllw(signed, bytes, 8);
    vpsraw(signed, signed, 8);
    vpmaddwd(unsigned, unsigned, signed);
    vpaddd(ymm(to), ymm(to), unsigned);
    vpsrlw(unsigned, ymm(a), 8);
    vpsraw(signed, bytes, 8);
    vpmaddwd(unsigned, unsigned, signed);
    vpaddd(ymm(to), ymm(to), unsigned);
    for (int i = 0; i < spare.length; i++) {
      vmovups(ymm(spare[i]), at(R13, SAVED + i * HALF));
    }
  }
}
