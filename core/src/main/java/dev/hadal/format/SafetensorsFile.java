package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One safetensors file: an 8-byte length, a JSON header, the numbers. Source: the format section of
 * the safetensors repository's README.
 *
 * @param tensors those of a type we read, under their own names
 * @param others name and type of the rest (64-bit and 8-bit integers, booleans ...)
 */
record SafetensorsFile(String name, Map<String, Tensor> tensors, Map<String, String> others) {
  private static final long LARGEST_HEADER = 100_000_000; // the limit of the format's own library
  private static final int MAX_DIMS = 8;

  /** Where a tensor lies, relative to the header's end. */
  private record Span(String tensor, long begin, long end) {}

  /** Reads the header of a file that lies in memory, usually mapped; tensors are views of it. */
  static SafetensorsFile read(MemorySegment bytes, String name) {
    if (bytes.byteSize() < 8) {
      throw new FormatException(
          name, 0, "%d bytes are no safetensors file".formatted(bytes.byteSize()));
    }
    long headerSize = bytes.get(GgufCursor.LONG, 0);
    if (headerSize < 2 || headerSize > Math.min(LARGEST_HEADER, bytes.byteSize() - 8)) {
      throw new FormatException(
          name,
          0,
          "the header says it takes %s bytes, the file has %,d; is this a safetensors file?"
              .formatted(Long.toUnsignedString(headerSize), bytes.byteSize()));
    }
    byte[] header = bytes.asSlice(8, headerSize).toArray(ValueLayout.JAVA_BYTE);
    Map<String, Object> directory = Json.parse(header, name, 8);
    MemorySegment data = bytes.asSlice(8 + headerSize);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> others = new LinkedHashMap<>();
    List<Span> spans = new ArrayList<>();
    directory.forEach((tensor, entry) -> {
      if (!tensor.equals("__metadata__")) {
        read(new Source(name, tensor, data), entry, spans, tensors, others);
      }
    });
    checkOverlaps(name, spans);
    return new SafetensorsFile(name, tensors, others);
  }

  private static void read(
      Source source,
      Object entry,
      List<Span> spans,
      Map<String, Tensor> tensors,
      Map<String, String> others) {
    if (!(entry instanceof Map<?, ?> fields) || !(fields.get("dtype") instanceof String dtype)) {
      throw source.broken("has no dtype");
    }
    int[] shape = source.shape(fields.get("shape"));
    Span span = source.span(fields.get("data_offsets"));
    spans.add(span);
    Optional<DType> type = dtype(dtype);
    if (type.isEmpty()) {
      others.put(source.tensor, dtype);
      return;
    }
    long expected = source.bytes(type.get(), shape);
    if (span.end - span.begin != expected) {
      throw source.broken(
          "has %,d bytes, %s%s takes %,d"
              .formatted(span.end - span.begin, dtype, Arrays.toString(shape), expected));
    }
    MemorySegment numbers = source.data.asSlice(span.begin, expected);
    tensors.put(source.tensor, Tensor.of(type.get(), numbers, shape));
  }

  private static Optional<DType> dtype(String name) {
    return switch (name) {
      case "F32" -> Optional.of(DType.F32);
      case "F16" -> Optional.of(DType.F16);
      case "BF16" -> Optional.of(DType.BF16);
      case "I32" -> Optional.of(DType.I32);
      case "F8_E4M3" -> Optional.of(DType.F8_E4M3);
      case "F8_E8M0" -> Optional.of(DType.F8_E8M0);
      default -> Optional.empty();
    };
  }

  private static void checkOverlaps(String file, List<Span> spans) {
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    for (int i = 1; i < spans.size(); i++) {
      Span before = spans.get(i - 1);
      Span after = spans.get(i);
      if (after.begin < before.end) {
        throw new FormatException(
            file,
            -1,
            "tensors '%s' and '%s' overlap; the header is damaged"
                .formatted(before.tensor, after.tensor));
      }
    }
  }

  /** One tensor being read: what errors need to name. */
  private record Source(String file, String tensor, MemorySegment data) {
    FormatException broken(String reason) {
      return new FormatException(file, -1, "tensor '" + tensor + "' " + reason);
    }

    int[] shape(@Nullable Object field) {
      if (!(field instanceof List<?> list) || list.size() > MAX_DIMS) {
        throw broken("has no shape of up to " + MAX_DIMS + " dimensions");
      }
      int[] shape = new int[list.size()];
      for (int i = 0; i < shape.length; i++) {
        if (!(list.get(i) instanceof Integer dim) || dim < 0) {
          throw broken("has the dimension " + list.get(i));
        }
        shape[i] = dim;
      }
      return shape;
    }

    Span span(@Nullable Object field) {
      if (!(field instanceof List<?> list)
          || list.size() != 2
          || !(list.get(0) instanceof Number begin)
          || !(list.get(1) instanceof Number end)) {
        throw broken("has no data_offsets of two numbers");
      }
      long from = begin.longValue();
      long to = end.longValue();
      if (from < 0 || to < from || to > data.byteSize()) {
        throw broken(
            "lies at bytes %s to %s of the data, the file has %,d; it is cut, download it again"
                .formatted(begin, end, data.byteSize()));
      }
      return new Span(tensor, from, to);
    }

    long bytes(DType type, int[] shape) {
      long size = 1;
      try {
        for (int dim : shape) {
          size = Math.multiplyExact(size, (long) dim);
        }
        return type.bytes(size);
      } catch (ArithmeticException e) {
        throw new FormatException(
            file,
            -1,
            "tensor '%s' has the shape %s, larger than any file"
                .formatted(tensor, Arrays.toString(shape)),
            e);
      }
    }
  }
}
