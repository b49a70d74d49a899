package dev.hadal.format;

import java.util.Arrays;
import java.util.Map;

/** A tokenizer that a checkpoint carries as GGUF metadata although it is no GGUF file. */
final class CarriedTokenizer {
  private static final String MODEL = "tokenizer.ggml.model";

  private CarriedTokenizer() {}

  /** Whether there is one. */
  static boolean in(Map<String, Object> metadata) {
    return metadata.containsKey(MODEL);
  }

  /** Copies its keys. */
  static void put(GgufMetadata out, Map<String, Object> metadata) {
    out.put(MODEL, String.valueOf(metadata.get(MODEL)));
    metadata.forEach((key, value) -> {
      if (key.startsWith("tokenizer.")) {
        put(out, key, value);
      }
    });
  }

  private static void put(GgufMetadata out, String key, Object value) {
    switch (value) {
      case String text -> out.put(key, text);
      case Boolean flag -> out.put(key, flag);
      case Long number -> out.put(key, number);
      case String[] texts -> out.put(key, Arrays.asList(texts));
      case float[] numbers -> out.put(key, numbers);
      case long[] numbers ->
          out.put(key, Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray());
      default ->
          throw new IllegalArgumentException(
              key + " is a " + value.getClass().getSimpleName() + ", which is not written");
    }
  }
}
