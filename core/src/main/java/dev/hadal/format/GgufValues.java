package dev.hadal.format;

import java.util.Map;

/**
 * Metadata of one architecture, read with types; keys are given without the architecture's name.
 */
record GgufValues(Map<String, Object> metadata, String architecture, String file) {

  static GgufValues of(Map<String, Object> metadata, String file) {
    Object architecture = metadata.get("general.architecture");
    if (!(architecture instanceof String name)) {
      throw new FormatException(
          file,
          -1,
          "the metadata has no general.architecture; this is a GGUF file, but of no language"
              + " model");
    }
    return new GgufValues(metadata, name, file);
  }

  boolean has(String key) {
    return metadata.containsKey(full(key));
  }

  /** A whole number, or the largest of an array that has one a layer. */
  long number(String key) {
    Object value = metadata.get(full(key));
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof long[] numbers && numbers.length > 0) {
      long largest = numbers[0];
      for (long number : numbers) {
        largest = Math.max(largest, number);
      }
      return largest;
    }
    throw wrong(key, "a whole number");
  }

  long number(String key, long absent) {
    return has(key) ? number(key) : absent;
  }

  double real(String key, double absent) {
    Object value = metadata.get(full(key));
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Number number)) {
      throw wrong(key, "a number");
    }
    return number.doubleValue();
  }

  boolean flag(String key, boolean absent) {
    Object value = metadata.get(full(key));
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Boolean flag)) {
      throw wrong(key, "true or false");
    }
    return flag;
  }

  String text(String key, String absent) {
    Object value = metadata.get(full(key));
    if (value == null) {
      return absent;
    }
    if (!(value instanceof String text)) {
      throw wrong(key, "a text");
    }
    return text;
  }

  /** Puts a whole number under another name, if it is there. */
  void copy(String key, Map<String, Object> into, String name) {
    if (has(key)) {
      into.put(name, number(key));
    }
  }

  /** Puts a real number under another name, if it is there: the shortest one its 32 bits mean. */
  void copyReal(String key, Map<String, Object> into, String name) {
    if (has(key)) {
      into.put(name, Double.parseDouble(Float.toString((float) real(key, 0))));
    }
  }

  int tokenCount() {
    return metadata.get("tokenizer.ggml.tokens") instanceof String[] tokens ? tokens.length : 0;
  }

  private String full(String key) {
    return architecture + "." + key;
  }

  private FormatException wrong(String key, String expected) {
    Object value = metadata.get(full(key));
    String found = value == null ? "missing" : value.getClass().getSimpleName() + " " + value;
    return new FormatException(
        file, -1, "metadata '%s' is %s, %s is expected".formatted(full(key), found, expected));
  }
}
