package dev.hadal.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object read with types: wrong ones are format errors that name file and key. */
final class ConfigValues {
  private final Map<String, Object> values;
  private final String source;
  private final String path;

  ConfigValues(Map<String, ?> values, String source) {
    this(values, source, "");
  }

  private ConfigValues(Map<String, ?> values, String source, String path) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.source = source;
    this.path = path;
  }

  Map<String, Object> map() {
    return values;
  }

  String source() {
    return source;
  }

  /** Whether the key stands there and is not null. */
  boolean has(String key) {
    return values.get(key) != null;
  }

  @Nullable Object get(String key) {
    return values.get(key);
  }

  /** A whole number in [low, high]. */
  int number(String key, long low, long high) {
    Object value = values.get(key);
    if (value == null) {
      throw missing(key);
    }
    if (!(value instanceof Number number) || !isWhole(number)) {
      throw wrong(key, "a whole number is expected");
    }
    // A double holds every whole number that could be in range.
    double wide = number.doubleValue();
    if (wide < low || wide > high) {
      throw wrong(key, "%,d to %,d is expected".formatted(low, high));
    }
    return Math.toIntExact(number.longValue());
  }

  int number(String key, int absent, long low, long high) {
    return has(key) ? number(key, low, high) : absent;
  }

  double real(String key, double absent) {
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw wrong(key, "a number is expected");
    }
    return number.doubleValue();
  }

  double positive(String key, double absent) {
    double value = real(key, absent);
    if (has(key) && !(value > 0)) {
      throw wrong(key, "a positive number is expected");
    }
    return value;
  }

  boolean flag(String key, boolean absent) {
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Boolean flag)) {
      throw wrong(key, "true or false is expected");
    }
    return flag;
  }

  String text(String key) {
    if (!has(key)) {
      throw missing(key);
    }
    return text(key, "");
  }

  String text(String key, String absent) {
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (!(value instanceof String text)) {
      throw wrong(key, "a text is expected");
    }
    return text;
  }

  Optional<ConfigValues> object(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(key, "an object is expected");
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    map.forEach((k, v) -> inner.put(String.valueOf(k), v));
    return Optional.of(new ConfigValues(inner, source, path + key + "."));
  }

  List<Integer> numbers(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(key, "a list of whole numbers is expected");
    }
    List<Integer> numbers = new ArrayList<>();
    for (Object entry : list) {
      if (!(entry instanceof Number number)
          || !isWhole(number)
          || number.doubleValue() != number.intValue()) {
        throw wrong(key, "a list of whole numbers is expected");
      }
      numbers.add(number.intValue());
    }
    return List.copyOf(numbers);
  }

  FormatException missing(String key) {
    return new FormatException(
        source,
        -1,
        "the configuration has no '%s%s', which this architecture needs".formatted(path, key));
  }

  FormatException wrong(String key, String expected) {
    String found = String.valueOf(values.get(key));
    return new FormatException(
        source,
        -1,
        "'%s%s' is %s; %s"
            .formatted(
                path, key, found.length() > 80 ? found.substring(0, 80) + "..." : found, expected));
  }

  private static boolean isWhole(Number number) {
    return number instanceof Integer
        || number instanceof Long
        || number instanceof BigInteger
        || number instanceof Short
        || number instanceof Byte
        || (!(number instanceof BigDecimal)
            && number.doubleValue() == Math.rint(number.doubleValue()));
  }
}
