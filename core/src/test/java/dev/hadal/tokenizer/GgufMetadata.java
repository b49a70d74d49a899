package dev.hadal.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the metadata of a small GGUF file, so that these tests stand alone. */
final class GgufMetadata {
  private final ByteBuffer in;

  private GgufMetadata(ByteBuffer in) {
    this.in = in;
  }

  static Map<String, Object> read(Path file) {
    try (InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
      return new GgufMetadata(ByteBuffer.wrap(plain.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN))
          .all();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tokenizer tokenizer(Path file) {
    return Tokenizers.fromGguf(read(file), file.getFileName().toString());
  }

  private Map<String, Object> all() {
    in.position(16);
    long count = in.getLong();
    Map<String, Object> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      values.put(string(), value(in.getInt()));
    }
    return values;
  }

  private String string() {
    byte[] bytes = new byte[(int) in.getLong()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Object value(int type) {
    return switch (type) {
      case 0 -> (long) (in.get() & 0xFF);
      case 1 -> (long) in.get();
      case 2 -> (long) (in.getShort() & 0xFFFF);
      case 3 -> (long) in.getShort();
      case 4 -> Integer.toUnsignedLong(in.getInt());
      case 5 -> (long) in.getInt();
      case 6 -> (double) in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> string();
      case 9 -> array(in.getInt(), (int) in.getLong());
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private Object array(int type, int length) {
    Object[] values = new Object[length];
    for (int i = 0; i < length; i++) {
      values[i] = value(type);
    }
    if (type == 8) {
      return java.util.Arrays.copyOf(values, length, String[].class);
    }
    if (type == 6) {
      float[] floats = new float[length];
      for (int i = 0; i < length; i++) {
        floats[i] = ((Double) values[i]).floatValue();
      }
      return floats;
    }
    if (type < 6 || type > 9 && type < 12) {
      return java.util.Arrays.stream(values).mapToLong(v -> (Long) v).toArray();
    }
    return values;
  }
}
