package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.R8;
import static dev.hadal.backend.jit.Gpr.RAX;
import static dev.hadal.backend.jit.Gpr.RBX;
import static dev.hadal.backend.jit.Gpr.RCX;
import static dev.hadal.backend.jit.Gpr.RDI;
import static dev.hadal.backend.jit.Gpr.RDX;
import static dev.hadal.backend.jit.Gpr.RSI;
import static dev.hadal.backend.jit.Mem.at;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What the processor offers and the system saves on a thread switch, as CPUID and XGETBV tell.
 *
 * <p>Source: Intel's manual, volume 2, CPUID: leaves 1, 7.0 and 7.1; volume 1, 13.3 (XCR0).
 *
 * @param avx2 AVX2, FMA and F16C
 * @param avxVnni vpdpbusd on 256 bits in VEX form
 * @param avx512Vnni AVX-512 F, BW, VL and VNNI
 * @param avx512Bf16 vdpbf16ps
 */
record CpuFeatures(boolean avx2, boolean avxVnni, boolean avx512Vnni, boolean avx512Bf16) {
  /** Asks the processor, by code in {@code memory}. */
  static CpuFeatures detect(ExecutableMemory memory) {
    Routine cpuid =
        Routine.of(
            memory,
            a -> { // rdi: where eax, ebx, ecx, edx go; rsi: leaf; rdx: subleaf
              a.mov(R8, RBX);
              a.mov(RAX, RSI);
              a.mov(RCX, RDX);
              a.cpuid();
              a.mov32(at(RDI), RAX);
              a.mov32(at(RDI, 4), RBX);
              a.mov32(at(RDI, 8), RCX);
              a.mov32(at(RDI, 12), RDX);
              a.mov(RBX, R8);
              a.ret();
            });
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(16, 16);
      cpuid.call(out.address(), 0, 0, 0, 0, 0);
      int leaves = register(out, 0);
      cpuid.call(out.address(), 1, 0, 0, 0, 0);
      int basic = register(out, 2);
      boolean savesState = bit(basic, 27) && bit(basic, 28); // OSXSAVE, AVX
      if (!savesState || leaves < 7) {
        return new CpuFeatures(false, false, false, false);
      }
      Routine xgetbv =
          Routine.of(
              memory,
              a -> {
                a.mov32(RCX, 0);
                a.xgetbv();
                a.mov32(at(RDI), RAX);
                a.ret();
              });
      xgetbv.call(out.address());
      int saved = register(out, 0);
      cpuid.call(out.address(), 7, 0, 0, 0, 0);
      int subleaves = register(out, 0);
      int b = register(out, 1);
      int c = register(out, 2);
      int d = 0;
      if (subleaves >= 1) {
        cpuid.call(out.address(), 7, 1, 0, 0, 0);
        d = register(out, 0);
      }
      boolean avx2 = (saved & 6) == 6 && bit(b, 5) && bit(basic, 12) && bit(basic, 29);
      boolean avx512 =
          avx2 && (saved & 0xe6) == 0xe6 && bit(b, 16) && bit(b, 30) && bit(b, 31) && bit(c, 11);
      return new CpuFeatures(avx2, avx2 && bit(d, 4), avx512, avx512 && bit(d, 5));
    }
  }

  /** Their names, for people. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (avx2) {
      names.add("AVX2");
    }
    if (avxVnni) {
      names.add("AVX-VNNI");
    }
    if (avx512Vnni) {
      names.add("AVX-512 VNNI");
    }
    if (avx512Bf16) {
      names.add("AVX-512 BF16");
    }
    return names;
  }

  private static int register(MemorySegment out, int index) {
    return out.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  private static boolean bit(int value, int bit) {
    return (value >>> bit & 1) != 0;
  }
}
