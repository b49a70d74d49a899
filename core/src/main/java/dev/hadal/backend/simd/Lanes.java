package dev.hadal.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
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

  private static final VectorShuffle<Float> BY_EIGHT = swap(FLOATS, 8);
  private static final VectorShuffle<Float> BY_FOUR = swap(FLOATS, 4);
  private static final VectorShuffle<Float> BY_TWO = swap(FLOATS, 2);
  private static final VectorShuffle<Float> BY_ONE = swap(FLOATS, 1);
  private static final VectorShuffle<Float> BLOCK_BY_FOUR = swap(BLOCK_FLOATS, 4);
  private static final VectorShuffle<Float> BLOCK_BY_TWO = swap(BLOCK_FLOATS, 2);
  private static final VectorShuffle<Float> BLOCK_BY_ONE = swap(BLOCK_FLOATS, 1);

  private Lanes() {}

  private static VectorShuffle<Float> swap(VectorSpecies<Float> species, int distance) {
    return VectorShuffle.fromOp(species, i -> (i ^ distance) % species.length());
  }

  /**
   * The sum of all lanes, in one order: the library's may be another once the compiler has seen it,
   * and a text would not be the same before and after. Short methods, which the compiler inlines.
   */
  static float sum(FloatVector v) {
    return four(COUNT > 4 ? eight(v) : v);
  }

  private static FloatVector eight(FloatVector v) {
    FloatVector half = COUNT > 8 ? folded(v, BY_EIGHT) : v;
    return folded(half, BY_FOUR);
  }

  private static float four(FloatVector v) {
    return folded(folded(v, BY_TWO), BY_ONE).lane(0);
  }

  /** As {@link #sum}, of a block's lanes. */
  static float blockSum(FloatVector v) {
    FloatVector four = BLOCK_COUNT > 4 ? folded(v, BLOCK_BY_FOUR) : v;
    return folded(folded(four, BLOCK_BY_TWO), BLOCK_BY_ONE).lane(0);
  }

  private static FloatVector folded(FloatVector v, VectorShuffle<Float> by) {
    return v.add(v.rearrange(by));
  }
}
