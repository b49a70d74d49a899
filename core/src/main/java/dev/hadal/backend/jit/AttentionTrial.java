package dev.hadal.backend.jit;

import dev.hadal.backend.simd.OnlineSoftmax;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Fresh code for attention beside plain loops, as {@link SelfTest} does with products. */
final class AttentionTrial {
  private static final int POSITIONS = 64 + 37; // a whole tile and a part
  private static final int ROWS = 6; // more than a quad
  private static final int WINDOW = 90;
  private static final float SCALE = 0.5f;
  private static final double TOLERANCE = 1e-4;

  private final AttentionCode code;
  private final float[][] queries;
  private final float[][] keys;
  private final float[][] values;

  private AttentionTrial(AttentionCode code) {
    this.code = code;
    Random random = new Random(1);
    queries = random(random, ROWS, code.keyDim(), 1 / Math.sqrt(code.keyDim()));
    keys = random(random, POSITIONS, code.keyDim(), 1);
    values = random(random, POSITIONS, code.valueDim(), 1);
  }

  /** What is wrong, as a sentence for people; empty when nothing is. */
  static Optional<String> run(AttentionCode code) {
    AttentionTrial trial = new AttentionTrial(code);
    for (boolean halves : new boolean[] {true, false}) {
      double error = trial.error(halves);
      if (!(error < TOLERANCE)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "machine code for attention to %s keys of %d numbers gives wrong numbers on this"
                    + " processor (off by %.1e), so plain Java does it; please report it with the"
                    + " output of 'hadal doctor'",
                halves ? "F16" : "F32",
                code.keyDim(),
                error));
      }
    }
    return Optional.empty();
  }

  /** Random numbers that F16 can hold. */
  private static float[][] random(Random random, int rows, int columns, double scale) {
    float[][] numbers = new float[rows][columns];
    for (float[] row : numbers) {
      for (int i = 0; i < columns; i++) {
        float number = (float) (scale * random.nextGaussian());
        row[i] = Float.float16ToFloat(Float.floatToFloat16(number));
      }
    }
    return numbers;
  }

  private double error(boolean halves) {
    float[] actual = new float[code.valueDim()];
    double largest = 0;
    try (Arena arena = Arena.ofConfined();
        QuadSoftmax softmax = new QuadSoftmax().with(code)) {
      see(softmax, halves ? stored(arena) : null);
      for (int r = 0; r < ROWS; r++) {
        softmax.mixed(r, actual, 0);
        double[] expected = expected(r);
        for (int i = 0; i < actual.length; i++) {
          double error = Math.abs(actual[i] / softmax.sum(r) - expected[i]);
          largest = error <= largest ? largest : error; // NaN stays
        }
      }
    }
    return largest;
  }

  private void see(QuadSoftmax softmax, @Nullable MemorySegment stored) {
    int keyDim = code.keyDim();
    int valueDim = code.valueDim();
    softmax.begin(ROWS, keyDim, valueDim, SCALE);
    for (int r = 0; r < ROWS; r++) {
      softmax.query(r, queries[r], 0, position(r));
    }
    for (int first = 0; first < POSITIONS; first += OnlineSoftmax.TILE) {
      int count = Math.min(OnlineSoftmax.TILE, POSITIONS - first);
      if (stored != null) {
        long stride = (long) (keyDim + valueDim) * Short.BYTES;
        long at = stored.address() + first * stride;
        softmax.see(at, at + 2L * keyDim, stride, at, first, count, WINDOW);
        continue;
      }
      for (int p = 0; p < count; p++) {
        softmax.key(p, 0, keys[first + p], 0, keyDim);
        softmax.value(p, values[first + p], 0);
      }
      softmax.see(first, count, WINDOW);
    }
  }

  private static int position(int r) {
    return POSITIONS - ROWS + r;
  }

  /** Keys and values in turn, in F16, and room for a whole tile. */
  private MemorySegment stored(Arena arena) {
    int width = code.keyDim() + code.valueDim();
    MemorySegment memory = arena.allocate(2L * OnlineSoftmax.TILE * 2 * width, 64);
    for (int p = 0; p < POSITIONS; p++) {
      for (int i = 0; i < width; i++) {
        float number = i < code.keyDim() ? keys[p][i] : values[p][i - code.keyDim()];
        memory.setAtIndex(
            ValueLayout.JAVA_SHORT, (long) p * width + i, Float.floatToFloat16(number));
      }
    }
    return memory;
  }

  private double[] expected(int r) {
    double[] mixed = new double[code.valueDim()];
    double sum = 0;
    for (int p = Math.max(0, position(r) - WINDOW + 1); p <= position(r); p++) {
      double score = 0;
      for (int i = 0; i < code.keyDim(); i++) {
        score += (double) queries[r][i] * keys[p][i];
      }
      double weight = Math.exp(SCALE * score);
      sum += weight;
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] += weight * values[p][i];
      }
    }
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] /= sum;
    }
    return mixed;
  }
}
