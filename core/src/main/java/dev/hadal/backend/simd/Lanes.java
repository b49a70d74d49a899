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

  /**
   * The sum of all lanes, in one order: the library's may be another once the compiler has seen it,
   * and a text would not be the same before and after. By lanes, since the compiler inlines that: a
   * fold by shuffles it makes a method of its own, and an object of every vector that goes there.
   */
  static float sum(FloatVector v) {
    return COUNT == 8 ? ofEight(v) : COUNT == 16 ? ofSixteen(v) : ofFour(v);
  }

  /**
   * The sum of a block's lanes, which lie from {@code at} on, in the same order. Given as numbers:
   * kernels that unpack blocks are so long that the compiler may refuse to inline what follows
   * them, and a vector would become an object.
   */
  static float blockSum(float[] v, int at) {
    float even = v[at] + v[at + BLOCK_COUNT / 2];
    float odd = v[at + 1] + v[at + BLOCK_COUNT / 2 + 1];
    return BLOCK_COUNT == 4
        ? even + odd
        : (even + (v[at + 2] + v[at + 6])) + (odd + (v[at + 3] + v[at + 7]));
  }

  private static float ofFour(FloatVector v) {
    return (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
  }

  private static float ofEight(FloatVector v) {
    return ((v.lane(0) + v.lane(4)) + (v.lane(2) + v.lane(6)))
        + ((v.lane(1) + v.lane(5)) + (v.lane(3) + v.lane(7)));
  }

  private static float ofSixteen(FloatVector v) {
    float even =
        ((v.lane(0) + v.lane(8)) + (v.lane(4) + v.lane(12)))
            + ((v.lane(2) + v.lane(10)) + (v.lane(6) + v.lane(14)));
    float odd =
        ((v.lane(1) + v.lane(9)) + (v.lane(5) + v.lane(13)))
            + ((v.lane(3) + v.lane(11)) + (v.lane(7) + v.lane(15)));
    return even + odd;
  }
}
