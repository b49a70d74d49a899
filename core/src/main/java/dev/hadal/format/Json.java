package dev.hadal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects of model folders, as maps; duplicate keys and broken text are format errors. */
final class Json {
  private static final long LARGEST_FILE = 256L << 20;
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** Apart, since most GGUF files hold no JSON: a mapper takes longer to make than they to open. */
  private static final class Lazy {
    static final JsonMapper MAPPER =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
            .build();
  }

  private Json() {}

  static Map<String, Object> read(Path file) {
    String name = fileName(file);
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new FormatException(
            name, -1, "%,d bytes are too many for a JSON file".formatted(Files.size(file)));
      }
      return parse(Files.readAllBytes(file), name, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param offset where in the file the text begins, for errors
   */
  static Map<String, Object> parse(byte[] text, String file, long offset) {
    try {
      Map<String, Object> object = Lazy.MAPPER.readValue(text, OBJECT);
      if (object == null) {
        throw new FormatException(file, offset, "the JSON is null, an object is expected");
      }
      return object;
    } catch (JacksonException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      throw new FormatException(
          file,
          at < 0 ? offset : offset + at,
          "this is no JSON object: " + e.getOriginalMessage(),
          e);
    }
  }

  static byte[] bytes(Object value) {
    return Lazy.MAPPER.writeValueAsBytes(value);
  }

  static byte[] prettyBytes(Object value) {
    return Lazy.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
  }

  static String fileName(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }
}
