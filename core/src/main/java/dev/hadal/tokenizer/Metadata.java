package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** GGUF metadata by key, with types checked. */
record Metadata(Map<String, Object> values, String file) {
  boolean has(String key) {
    return values.containsKey(key);
  }

  String string(String key, String otherwise) {
    return switch (values.get(key)) {
      case null -> otherwise;
      case String s -> s;
      case Object other -> throw wrong(key, "a string", other);
    };
  }

  boolean flag(String key, boolean otherwise) {
    return switch (values.get(key)) {
      case null -> otherwise;
      case Boolean b -> b;
      case Long n -> n != 0;
      case Object other -> throw wrong(key, "a boolean", other);
    };
  }

  /** A token's id, or {@code otherwise}; an id beyond the vocabulary counts as not given. */
  int id(String key, int otherwise, int vocabSize) {
    int fallback = otherwise < vocabSize ? otherwise : -1;
    return switch (values.get(key)) {
      case null -> fallback;
      case Long n -> n < 0 || n >= vocabSize ? fallback : (int) (long) n;
      case Object other -> throw wrong(key, "a token id", other);
    };
  }

  String[] strings(String key) {
    return switch (values.get(key)) {
      case null ->
          throw new FormatException(
              file, -1, "metadata '" + key + "' is missing; the tokenizer needs it");
      case String[] s -> s;
      case Object other -> throw wrong(key, "an array of strings", other);
    };
  }

  /** Numbers of any width; empty when the key is absent. */
  double[] numbers(String key, int length) {
    double[] numbers =
        switch (values.get(key)) {
          case null -> null;
          case float[] f -> IntStream.range(0, f.length).mapToDouble(i -> f[i]).toArray();
          case double[] d -> d;
          case long[] n -> Arrays.stream(n).asDoubleStream().toArray();
          case Object other -> throw wrong(key, "an array of numbers", other);
        };
    return numbers == null ? new double[0] : checked(key, numbers, numbers.length, length);
  }

  /** Integers, or null when the key is absent. */
  long @Nullable [] integers(String key, int length) {
    return switch (values.get(key)) {
      case null -> null;
      case long[] n -> length < 0 ? n : checked(key, n, n.length, length);
      case Object other -> throw wrong(key, "an array of integers", other);
    };
  }

  private <T> T checked(String key, T array, int found, int needed) {
    if (found < needed) {
      throw new FormatException(
          file,
          -1,
          "metadata '"
              + key
              + "' has "
              + found
              + " entries, the vocabulary has "
              + needed
              + " tokens");
    }
    return array;
  }

  private FormatException wrong(String key, String expected, Object found) {
    return new FormatException(
        file,
        -1,
        "metadata '"
            + key
            + "' is a "
            + found.getClass().getSimpleName()
            + ", expected "
            + expected);
  }
}
