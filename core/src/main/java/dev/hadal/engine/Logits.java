package dev.hadal.engine;

import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One row of logits at a time, copied so that it may be changed, and the room that choosing from it
 * needs: one for all sequences. Owned by one thread.
 */
final class Logits {
  /** What is this far below the likeliest has no weight: 128 k of them come to 5e-6. */
  static final float NEGLIGIBLE = 24;

  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 355f / 512; // few bits, so that n times it is exact
  private static final float LN2_LOW = -2.1219444e-4f;
  private static final int FEWEST_KEYS = 256;

  private float[] values = new float[0];
  private long[] keys = new long[FEWEST_KEYS];

  /** Takes row {@code row} of logits (R, V). */
  void load(Tensor logits_RV, int row) {
    int size = logits_RV.dim(1);
    if (values.length != size) {
      values = new float[size];
    }
    long from = (long) row * size * Float.BYTES;
    MemorySegment.copy(logits_RV.data(), Tensor.FLOAT, from, values, 0, size);
  }

  int size() {
    return values.length;
  }

  float get(int token) {
    return values[token];
  }

  void set(int token, float value) {
    values[token] = value;
  }

  /** Forbids all tokens whose bit is not set. */
  void mask(long[] allowed) {
    for (int from = 0; from < values.length; from += Long.SIZE) {
      long word = from / Long.SIZE < allowed.length ? allowed[from / Long.SIZE] : 0;
      int to = Math.min(values.length, from + Long.SIZE);
      if (word == 0) {
        Arrays.fill(values, from, to, Float.NEGATIVE_INFINITY);
      } else if (word != -1) {
        for (int i = from; i < to; i++) {
          if ((word >>> i & 1) == 0) {
            values[i] = Float.NEGATIVE_INFINITY;
          }
        }
      }
    }
  }

  /** The likeliest token, the lowest of equal ones; NaN never wins. */
  int argmax() {
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > max) {
        max = values[i];
        best = i;
      }
    }
    return best;
  }

  /** Collects all tokens that reach {@code floor}, in order of their ids; how many. */
  int collect(float floor) {
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] >= floor) {
        if (count == keys.length) {
          keys = Arrays.copyOf(keys, 2 * count);
        }
        keys[count++] = key(values[i], i);
      }
    }
    return count;
  }

  /** Collects the likeliest {@code most} that reach {@code floor}, likeliest first; how many. */
  int best(int most, float floor) {
    int room = Math.max(FEWEST_KEYS, 4 * most);
    if (keys.length < room) {
      keys = new long[room];
    }
    float bar = floor;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] >= bar) {
        keys[count++] = key(values[i], i);
        if (count == room) {
          Arrays.sort(keys, 0, count);
          count = most;
          bar = Math.nextUp(value(keys[most - 1])); // of equal ones the lower id is in already
        }
      }
    }
    Arrays.sort(keys, 0, count);
    return Math.min(most, count);
  }

  /** Sorts the first {@code count} collected ones, likeliest first. */
  void sort(int count) {
    Arrays.sort(keys, 0, count);
  }

  int token(int collected) {
    return (int) keys[collected];
  }

  float value(int collected) {
    return value(keys[collected]);
  }

  /** Keeps those of the first {@code count} collected ones that reach {@code floor}; how many. */
  int prune(int count, float floor) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (value(keys[i]) >= floor) {
        keys[kept++] = keys[i];
      }
    }
    return kept;
  }

  /** The logarithm of the sum of all exponentials: what turns logits into log-probabilities. */
  double logSumExp() {
    float max = values[argmax()];
    double sum = 0;
    for (float value : values) {
      sum += exp(value - max);
    }
    return max + Math.log(sum);
  }

  // Sorted ascending, this key is descending in value, then ascending in id.
  private static long key(float value, int token) {
    return (long) ~ordered(Float.floatToRawIntBits(value)) << 32 | token;
  }

  private static float value(long key) {
    return Float.intBitsToFloat(ordered(~(int) (key >> 32)));
  }

  /** Between a float's bits and whole numbers of the same order, both ways. */
  private static int ordered(int bits) {
    return bits ^ (bits >> 31 & 0x7fffffff);
  }

  /** e^x for x of at most 0, to 2e-7 of itself; five times as fast as the library's. */
  static float exp(float x) {
    if (!(x > -87)) {
      return 0;
    }
    int n = (int) (x * LOG2_E - 0.5f);
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691e-4f;
    p = p * r + 1.3981999e-3f;
    p = p * r + 8.333452e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 0.16666666f;
    p = p * r + 0.5f;
    return (p * r * r + r + 1) * Float.intBitsToFloat(n + 127 << 23);
  }
}
