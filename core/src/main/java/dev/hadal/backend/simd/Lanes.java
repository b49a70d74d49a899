package dev.hadal.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** How wide vectors are here. */
final class Lanes {
  /** For arithmetic on floats: as wide as the machine prefers. */
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() >= 4
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_128;

  static final int COUNT = FLOATS.length();

  /**
   * For unpacking quantised blocks: at most 256 bits. One such load is one block's numbers;
   * decoding waits for memory anyway, so that 512 bits would buy nothing for two more shapes of
   * every kernel.
   */
  static final VectorSpecies<Float> BLOCK_FLOATS =
      COUNT >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

  static final VectorSpecies<Integer> BLOCK_INTS =
      COUNT >= 8 ? IntVector.SPECIES_256 : IntVector.SPECIES_128;

  static final int BLOCK_COUNT = BLOCK_FLOATS.length();

  private Lanes() {}
}
