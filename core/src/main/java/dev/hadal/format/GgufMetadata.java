package dev.hadal.format;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata for a GGUF file to be written. Readers of GGUF insist on exact types: whole numbers are
 * 32-bit unsigned, real ones 32-bit floats, as llama.cpp's own tools write them.
 */
public final class GgufMetadata {
  /** Each value's bytes, its type number first. */
  private final Map<String, byte[]> values = new LinkedHashMap<>();

  /** What a file has, value for value. */
  static GgufMetadata copyOf(GgufFile file) {
    GgufMetadata copy = new GgufMetadata();
    file.rawMetadata().forEach((key, raw) -> copy.values.put(key, bytes(raw)));
    return copy;
  }

  public GgufMetadata put(String key, String value) {
    Bytes bytes = new Bytes(GgufType.STRING);
    bytes.string(value);
    return put(key, bytes);
  }

  /**
   * @throws IllegalArgumentException if the number is negative or needs more than 32 bits
   */
  public GgufMetadata put(String key, long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException(key + " is " + value + "; 32 unsigned bits are written");
    }
    Bytes bytes = new Bytes(GgufType.U32);
    bytes.i32((int) value);
    return put(key, bytes);
  }

  /** Stored as a 32-bit float. */
  public GgufMetadata put(String key, double value) {
    Bytes bytes = new Bytes(GgufType.F32);
    bytes.i32(Float.floatToRawIntBits((float) value));
    return put(key, bytes);
  }

  public GgufMetadata put(String key, boolean value) {
    Bytes bytes = new Bytes(GgufType.BOOL);
    bytes.write(value ? 1 : 0);
    return put(key, bytes);
  }

  public GgufMetadata put(String key, List<String> values) {
    Bytes bytes = new Bytes(GgufType.ARRAY);
    bytes.i32(GgufType.STRING);
    bytes.i64(values.size());
    values.forEach(bytes::string);
    return put(key, bytes);
  }

  /** Stored as signed 32-bit numbers. */
  public GgufMetadata put(String key, int[] values) {
    Bytes bytes = new Bytes(GgufType.ARRAY);
    bytes.i32(GgufType.I32);
    bytes.i64(values.length);
    for (int value : values) {
      bytes.i32(value);
    }
    return put(key, bytes);
  }

  public GgufMetadata put(String key, float[] values) {
    Bytes bytes = new Bytes(GgufType.ARRAY);
    bytes.i32(GgufType.F32);
    bytes.i64(values.length);
    for (float value : values) {
      bytes.i32(Float.floatToRawIntBits(value));
    }
    return put(key, bytes);
  }

  public GgufMetadata remove(String key) {
    values.remove(key);
    return this;
  }

  int size() {
    return values.size();
  }

  /** All entries as a file holds them. */
  byte[] encoded() {
    Bytes all = new Bytes();
    values.forEach((key, value) -> {
      all.string(key);
      all.writeBytes(value);
    });
    return all.toByteArray();
  }

  private GgufMetadata put(String key, Bytes bytes) {
    values.put(key, bytes.toByteArray());
    return this;
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Little-endian bytes that grow. */
  static final class Bytes extends ByteArrayOutputStream {
    Bytes() {}

    Bytes(int type) {
      i32(type);
    }

    void i32(int value) {
      writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    void i64(long value) {
      writeBytes(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    void string(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      i64(utf8.length);
      writeBytes(utf8);
    }
  }
}
