package dev.hadal.backend.jit;

import java.util.EnumSet;
import java.util.Set;

/** Instruction sets that we have kernels for, best first. */
enum Isa {
  AVX512_VNNI,
  AVX_VNNI,
  AVX2;

  /**
   * Those that have run on a processor of their own, and not only in tests that stand in for one.
   */
  static Set<Isa> proven() {
    return EnumSet.of(AVX512_VNNI, AVX2);
  }

  /** Whether vpdpbusd does the products. */
  boolean vnni() {
    return this != AVX2;
  }

  boolean availableOn(CpuFeatures features) {
    return switch (this) {
      case AVX512_VNNI -> features.avx512Vnni();
      case AVX_VNNI -> features.avxVnni();
      case AVX2 -> features.avx2();
    };
  }
}
