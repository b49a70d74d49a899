package dev.hadal.format;

import dev.hadal.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code hadal quantize} turns a model into: a storage type for most matrices, and for the
 * mixes (_M) a better one where errors cost most. The names are llama.cpp's.
 */
public enum QuantType {
  F32(DType.F32, 0),
  F16(DType.F16, 1),
  BF16(DType.BF16, 32),
  Q8_0(DType.Q8_0, 7),
  Q6_K(DType.Q6_K, 18),
  Q5_K_M(DType.Q5_K, 17),
  Q5_1(DType.Q5_1, 9),
  Q5_0(DType.Q5_0, 8),
  Q4_K_M(DType.Q4_K, 15),
  IQ4_NL(DType.IQ4_NL, 25),
  Q4_1(DType.Q4_1, 3),
  Q4_0(DType.Q4_0, 2);

  private final DType main;
  private final int fileType;

  QuantType(DType main, int fileType) {
    this.main = main;
    this.fileType = fileType;
  }

  /** The type of a matrix that nothing speaks for or against. */
  public DType main() {
    return main;
  }

  /** The number that {@code general.file_type} has for it. */
  int fileType() {
    return fileType;
  }

  /** Whether it spends more bits where errors cost most. */
  boolean isMix() {
    return this == Q4_K_M || this == Q5_K_M;
  }

  /**
   * By name, in any case: {@code q4_k_m}.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static QuantType of(String name) {
    for (QuantType type : values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "no quantisation is named '%s': known are %s"
            .formatted(
                name,
                Arrays.stream(values())
                    .map(t -> t.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
  }
}
