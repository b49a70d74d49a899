package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One GGUF file as it stands: metadata and tensors under GGUF's own names, shapes turned round so
 * that a matrix is (out, in).
 *
 * <p>Versions 2 and 3, little-endian. Source: the GGUF specification, {@code docs/gguf.md} of ggml.
 * Metadata values are Long for every whole number, Double, Boolean, String, or arrays of them:
 * {@code long[]}, {@code float[]} (32-bit floats), {@code double[]}, {@code boolean[]}, {@code
 * String[]}, {@code Object[]} of arrays.
 */
final class GgufFile {
  static final int MAGIC = 0x46554747; // "GGUF"
  private static final int MAX_DIMS = 4;
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final long LARGEST_ALIGNMENT = 1 << 20;

  private final String name;
  private final MemorySegment bytes;
  private final GgufCursor cursor;
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, MemorySegment> rawMetadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** A tensor's entry in the directory. */
  private record Entry(String name, DType type, int[] shape, long at, long offset) {
    long size() {
      long size = 1;
      for (int dim : shape) {
        size = Math.multiplyExact(size, (long) dim);
      }
      return type.bytes(size);
    }
  }

  private GgufFile(MemorySegment bytes, String name) {
    this.bytes = bytes;
    this.name = name;
    this.cursor = new GgufCursor(bytes, name);
  }

  /** Reads the directory of a file that lies in memory, usually mapped; tensors are views of it. */
  static GgufFile read(MemorySegment bytes, String name) {
    GgufFile file = new GgufFile(bytes, name);
    file.readAll();
    return file;
  }

  String name() {
    return name;
  }

  Map<String, Object> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The bytes of each value, its type number first: for copying without loss. */
  Map<String, MemorySegment> rawMetadata() {
    return Collections.unmodifiableMap(rawMetadata);
  }

  Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  private void readAll() {
    checkMagic();
    // A tensor's entry takes at least 8 + 4 + 8 + 4 + 8 bytes, a metadata entry 8 + 4 + 1.
    int tensorCount = cursor.count("the number of tensors", 32);
    int metadataCount = cursor.count("the number of metadata entries", 13);
    for (int i = 0; i < metadataCount; i++) {
      readMetadata();
    }
    Entry[] entries = new Entry[tensorCount];
    for (int i = 0; i < tensorCount; i++) {
      entries[i] = readEntry();
    }
    long alignment = alignment();
    long dataStart = Math.ceilDiv(cursor.at(), alignment) * alignment;
    for (Entry entry : entries) {
      place(entry, dataStart, alignment);
    }
  }

  private void checkMagic() {
    if (bytes.byteSize() < 24) {
      throw cursor.broken(0, "%d bytes are no GGUF file".formatted(bytes.byteSize()));
    }
    int magic = cursor.i32();
    if (magic != MAGIC) {
      throw cursor.broken(
          0,
          "the file begins with %08x, a GGUF file begins with 'GGUF'; is this the model file?"
              .formatted(Integer.reverseBytes(magic)));
    }
    int version = cursor.i32();
    if ((version & 0xffff) == 0 && version != 0) {
      throw cursor.broken(
          4, "this is a big-endian GGUF file; only little-endian ones are read, convert it");
    }
    if (version != 2 && version != 3) {
      throw cursor.broken(
          4,
          "GGUF version %s is not read, versions 2 and 3 are; convert the file anew"
              .formatted(Integer.toUnsignedString(version)));
    }
  }

  private void readMetadata() {
    long where = cursor.at();
    String key = cursor.string("a metadata key");
    long from = cursor.at();
    Object value = cursor.value(key, cursor.i32());
    if (metadata.put(key, value) != null) {
      throw cursor.broken(where, "metadata '" + key + "' stands twice");
    }
    rawMetadata.put(key, bytes.asSlice(from, cursor.at() - from));
  }

  private Entry readEntry() {
    long where = cursor.at();
    String tensor = cursor.string("a tensor's name");
    int dims = cursor.i32();
    if (dims < 1 || dims > MAX_DIMS) {
      throw cursor.broken(
          where,
          "tensor '%s' has %s dimensions, 1 to %d are expected"
              .formatted(tensor, Integer.toUnsignedString(dims), MAX_DIMS));
    }
    int[] shape = new int[dims];
    for (int i = dims - 1; i >= 0; i--) {
      long dim = cursor.i64();
      if (dim < 1 || dim > Integer.MAX_VALUE) {
        throw cursor.broken(
            where,
            "a dimension of tensor '%s' is %s".formatted(tensor, Long.toUnsignedString(dim)));
      }
      shape[i] = (int) dim;
    }
    int code = cursor.i32();
    DType type =
        GgufType.tensorType(code)
            .orElseThrow(() ->
                cursor.broken(
                    where,
                    "tensor '%s' is stored as %s, which is not read; get the model as Q8_0, Q4_K_M or another type that 'hadal quantize --help' lists"
                        .formatted(tensor, GgufType.tensorTypeName(code))));
    if (shape[dims - 1] % type.blockSize() != 0) {
      throw cursor.broken(
          where,
          "a row of tensor '%s' has %d numbers, %s stores blocks of %d"
              .formatted(tensor, shape[dims - 1], type, type.blockSize()));
    }
    return new Entry(tensor, type, shape, where, cursor.i64());
  }

  private long alignment() {
    Object stated = metadata.get("general.alignment");
    if (stated == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (!(stated instanceof Long alignment)
        || alignment < 1
        || alignment > LARGEST_ALIGNMENT
        || Long.bitCount(alignment) != 1) {
      throw cursor.broken(
          -1, "general.alignment is %s, a power of two is expected".formatted(stated));
    }
    return alignment;
  }

  private void place(Entry entry, long dataStart, long alignment) {
    long size;
    try {
      size = entry.size();
    } catch (ArithmeticException e) {
      throw new FormatException(
          name,
          entry.at,
          "tensor '%s' of shape %s is larger than any file"
              .formatted(entry.name, Arrays.toString(entry.shape)),
          e);
    }
    long room = bytes.byteSize() - dataStart;
    if (entry.offset < 0 || entry.offset % alignment != 0) {
      throw cursor.broken(
          entry.at,
          "tensor '%s' lies at %s, a multiple of %d is expected"
              .formatted(entry.name, Long.toUnsignedString(entry.offset), alignment));
    }
    if (entry.offset > room || size > room - entry.offset) {
      throw cursor.broken(
          entry.at,
          "tensor '%s' takes %,d bytes at %,d of the data, the file has %,d; it is cut, download it again"
              .formatted(entry.name, size, entry.offset, Math.max(0, room)));
    }
    MemorySegment data = bytes.asSlice(dataStart + entry.offset, size);
    if (tensors.put(entry.name, Tensor.of(entry.type, data, entry.shape)) != null) {
      throw cursor.broken(entry.at, "tensor '" + entry.name + "' stands twice");
    }
  }
}
