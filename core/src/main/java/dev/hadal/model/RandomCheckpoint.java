package dev.hadal.model;

import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.format.OutputTensor;
import dev.hadal.nn.Weights;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A checkpoint of random weights, made from a configuration and a seed: for measuring a shape
 * before anything is downloaded, and for tests whose weights need not be stored.
 *
 * <p>Number {@code i} (from 0, row-major) of a tensor depends on seed, name and {@code i} alone, so
 * any of them can be made anew, in any order and any language:
 *
 * <pre>
 * mix(z)  = SplitMix64's finaliser: z ^= z >>> 30; z *= 0xbf58476d1ce4e5b9; z ^= z >>> 27;
 *           z *= 0x94d049bb133111eb; z ^= z >>> 31
 * key     = mix(seed + fnv1a64(name in UTF-8))
 * u       = (mix(key + (i + 1) * 0x9e3779b97f4a7c15) >>> 40) - 2^23      24 bits, [-2^23, 2^23)
 * value   = centre + u * (float) (std * sqrt(3) / 2^23)                  in float
 * </pre>
 *
 * <p>with centre 1 and std 0.1 for norms ({@code *norm.weight}), centre 0 and std 0.1 for biases,
 * centre 0 and std 1 / sqrt(columns) for matrices: activations keep their size through the layers,
 * and the probabilities are neither flat nor saturated. All sums are modulo 2^64. Source of the
 * generator: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 *
 * <p>Nothing is held: {@link #tensor} makes an F32 tensor anew on every request, freed with its
 * last reference; {@link #rows} makes just the rows asked for, so a model larger than memory can be
 * written. Safe for several threads.
 */
public final class RandomCheckpoint implements Checkpoint {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Config config;
  private final long seed;
  private final Map<String, int[]> shapes;

  /** Weights of {@code config}, from {@code seed}. */
  public RandomCheckpoint(Config config, long seed) {
    Weights wanted = Weights.shapes();
    Architectures.create(config, wanted);
    Map<String, int[]> found = new LinkedHashMap<>();
    wanted.parameters().forEach((name, tensor) -> found.put(name, tensor.shape()));
    this.config = config;
    this.seed = seed;
    this.shapes = Collections.unmodifiableMap(found);
  }

  @Override
  public Path source() {
    return Path.of("random-" + seed);
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public boolean has(String name) {
    return shapes.containsKey(name);
  }

  @Override
  public Tensor tensor(String name) {
    int[] shape = shape(name);
    Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
    OutputTensor.Rows rows = rows(name);
    int columns = shape[shape.length - 1];
    IntStream.range(0, tensor.rowCount())
        .parallel()
        .forEach(r -> {
          float[] row = new float[columns];
          rows.read(r, 1, row);
          MemorySegment.copy(row, 0, tensor.data(), Tensor.FLOAT, r * tensor.rowBytes(), columns);
        });
    return tensor;
  }

  @Override
  public int[] shape(String name) {
    int[] shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException(
          "no tensor '%s' in a %s; it has %d others"
              .formatted(name, config.modelType(), shapes.size()));
    }
    return shape.clone();
  }

  @Override
  public OutputTensor.Rows rows(String name) {
    int[] shape = shape(name);
    int columns = shape[shape.length - 1];
    long key = mix(seed + fnv1a64(name));
    float centre = name.endsWith("norm.weight") ? 1 : 0;
    float step = (float) (std(shape) * Math.sqrt(3) / (1 << 23));
    return (first, count, dst) -> {
      long from = (long) first * columns + 1;
      for (int i = 0; i < count * columns; i++) {
        int u = (int) (mix(key + (from + i) * GOLDEN) >>> 40) - (1 << 23);
        dst[i] = centre + u * step;
      }
    };
  }

  @Override
  public boolean isMapped() {
    return false;
  }

  private static double std(int[] shape) {
    if (shape.length < 2) {
      return 0.1;
    }
    return 1 / Math.sqrt(shape[shape.length - 1]);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long fnv1a64(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** A vocabulary that spells bytes, as GGUF metadata. */
  @Override
  public Map<String, Object> metadata() {
    return SyntheticVocabulary.ofSize(config.vocabSize());
  }

  /** Bytes its tensors would take, all together. */
  @Override
  public long totalBytes() {
    return shapes.values().stream()
        .mapToLong(
            shape -> Arrays.stream(shape).asLongStream().reduce(Float.BYTES, Math::multiplyExact))
        .sum();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
