package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.ymm;

/**
 * What touches every number once. These kernels gain little over plain Java once that is compiled;
 * they are here for the first token, when it is not: the Vector API in the interpreter takes
 * microseconds an operation.
 *
 * <p>Arguments: out, first input, second input, steps of {@link #STEP} numbers, a float's bits,
 * constants.
 */
final class ElementwiseKernel {
  /** Numbers of a step. */
  static final int STEP = 16;

  private static final int VECTOR = 32;
  private static final int SWAP_QUARTERS = 0x4e;
  private static final int SWAP_NEIGHBOURS = 0xb1;

  private ElementwiseKernel() {}

  /** out = a + b. */
  static void add(Assembler a) {
    steps(
        a,
        RCX,
        () -> {
          for (int half = 0; half < 2; half++) {
            a.vmovups(ymm(half), at(RSI, half * VECTOR));
            a.vaddps(ymm(half), ymm(half), at(RDX, half * VECTOR));
            a.vmovups(at(RDI, half * VECTOR), ymm(half));
          }
        });
    end(a);
  }

  /** out = a / (1 + exp(-a)) * b. */
  static void swiglu(Assembler a) {
    Vec zero = ymm(0);
    Vec lowest = ymm(1);
    Vec gate = ymm(2);
    Vec power = ymm(3);
    a.vxorps(zero, zero, zero);
    a.vmovups(lowest, Exponential.LOWEST.at());
    steps(
        a,
        RCX,
        () -> {
          for (int half = 0; half < 2; half++) {
            a.vmovups(gate, at(RSI, half * VECTOR));
            a.vsubps(power, zero, gate);
            a.vminps(power, power, Constants.EXP_HIGHEST.at());
            Exponential.emit(a, power, power, lowest);
            a.vaddps(power, power, Constants.ONE.at());
            a.vdivps(gate, gate, power);
            a.vmulps(gate, gate, at(RDX, half * VECTOR));
            a.vmovups(at(RDI, half * VECTOR), gate);
          }
        });
    end(a);
  }

  /** out = a / sqrt(mean(a^2) + eps) * b. */
  static void rmsNorm(Assembler a) {
    Vec[] sums = {ymm(0), ymm(1)};
    Vec number = ymm(2);
    a.vmovd(ymm(4).low(), RCX);
    a.vmovd(ymm(5).low(), R8);
    a.mov(Gpr.RAX, RCX);
    a.mov(Gpr.R10, RSI);
    for (Vec sum : sums) {
      a.vxorps(sum, sum, sum);
    }
    Label next = new Label();
    a.bind(next);
    for (int half = 0; half < 2; half++) {
      a.vmovups(number, at(RSI, half * VECTOR));
      a.vfmadd231ps(sums[half], number, number);
    }
    a.add(RSI, 2 * VECTOR);
    a.sub(RCX, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
    Vec factor = sums[0];
    a.vaddps(factor, factor, sums[1]);
    a.vextracti128(number.low(), factor, 1);
    a.vaddps(factor.low(), factor.low(), number.low());
    for (int swap : new int[] {SWAP_QUARTERS, SWAP_NEIGHBOURS}) {
      a.vpshufd(number.low(), factor.low(), swap);
      a.vaddps(factor.low(), factor.low(), number.low());
    }
    a.vcvtdq2ps(ymm(4).low(), ymm(4).low());
    a.vmulps(ymm(4).low(), ymm(4).low(), Constants.SIXTEEN.at());
    a.vdivps(factor.low(), factor.low(), ymm(4).low());
    a.vaddps(factor.low(), factor.low(), ymm(5).low());
    a.vsqrtps(factor.low(), factor.low());
    a.vmovups(number.low(), Constants.ONE.at());
    a.vdivps(factor.low(), number.low(), factor.low());
    a.vbroadcastss(factor, factor.low());
    a.mov(RCX, Gpr.RAX);
    a.mov(RSI, Gpr.R10);
    steps(
        a,
        RCX,
        () -> {
          for (int half = 0; half < 2; half++) {
            a.vmulps(number, factor, at(RSI, half * VECTOR));
            a.vmulps(number, number, at(RDX, half * VECTOR));
            a.vmovups(at(RDI, half * VECTOR), number);
          }
        });
    end(a);
  }

  private static void steps(Assembler a, Gpr count, Runnable step) {
    Label next = new Label();
    a.bind(next);
    step.run();
    for (Gpr pointer : new Gpr[] {RDI, RSI, RDX}) {
      a.add(pointer, 2 * VECTOR);
    }
    a.sub(count, 1);
    a.jump(Assembler.If.NOT_EQUAL, next);
  }

  private static void end(Assembler a) {
    a.vzeroupper();
    a.ret();
  }
}
