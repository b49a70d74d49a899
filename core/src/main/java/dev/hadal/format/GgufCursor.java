package dev.hadal.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A place in a GGUF file that moves forward as values are read. Every count is checked against the
 * bytes that are left before anything is allocated.
 */
final class GgufCursor {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** No vocabulary or table of a real file comes near; it bounds what one array can take. */
  private static final long LONGEST_ARRAY = 1 << 24;

  private static final int DEEPEST_ARRAY = 4;

  private final MemorySegment bytes;
  private final String file;
  private long at;

  GgufCursor(MemorySegment bytes, String file) {
    this.bytes = bytes;
    this.file = file;
  }

  long at() {
    return at;
  }

  long left() {
    return bytes.byteSize() - at;
  }

  FormatException broken(long where, String reason) {
    return new FormatException(file, where, reason);
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
  }

  int u16() {
    return bytes.get(SHORT, advance(2)) & 0xffff;
  }

  int i32() {
    return bytes.get(INT, advance(4));
  }

  long i64() {
    return bytes.get(LONG, advance(8));
  }

  /** A count of things of at least {@code size} bytes each that the file must still hold. */
  int count(String what, int size) {
    long where = at;
    long count = i64();
    if (count < 0 || count > left() / size) {
      throw broken(
          where,
          "%s says %s, the file has %,d bytes left; it is damaged or cut, download it again"
              .formatted(what, Long.toUnsignedString(count), left()));
    }
    if (count > LONGEST_ARRAY) {
      throw broken(where, "%s says %,d, more than any real file has".formatted(what, count));
    }
    return (int) count;
  }

  String string(String what) {
    int length = count("the length of " + what, 1);
    byte[] text = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, advance(length), text, 0, length);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** A metadata value: Long, Double, Boolean, String, or an array of one of them. */
  Object value(String key, int type) {
    return switch (type) {
      case GgufType.U8 -> (long) u8();
      case GgufType.I8 -> (long) (byte) u8();
      case GgufType.U16 -> (long) u16();
      case GgufType.I16 -> (long) (short) u16();
      case GgufType.U32 -> i32() & 0xffff_ffffL;
      case GgufType.I32 -> (long) i32();
      case GgufType.U64, GgufType.I64 -> i64();
      case GgufType.F32 -> (double) Float.intBitsToFloat(i32());
      case GgufType.F64 -> Double.longBitsToDouble(i64());
      case GgufType.BOOL -> flag(key);
      case GgufType.STRING -> string("metadata '" + key + "'");
      case GgufType.ARRAY -> array(key, 1);
      default -> throw unknownType(key, type);
    };
  }

  private Object array(String key, int depth) {
    int type = i32();
    int size = GgufType.smallestSize(type);
    if (size == 0) {
      throw unknownType(key, type);
    }
    int count = count("the length of metadata '" + key + "'", size);
    return switch (type) {
      case GgufType.STRING -> {
        String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
          strings[i] = string("an entry of metadata '" + key + "'");
        }
        yield strings;
      }
      case GgufType.F32 -> {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
          floats[i] = Float.intBitsToFloat(i32());
        }
        yield floats;
      }
      case GgufType.F64 -> {
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
          doubles[i] = Double.longBitsToDouble(i64());
        }
        yield doubles;
      }
      case GgufType.BOOL -> {
        boolean[] flags = new boolean[count];
        for (int i = 0; i < count; i++) {
          flags[i] = flag(key);
        }
        yield flags;
      }
      case GgufType.ARRAY -> {
        if (depth == DEEPEST_ARRAY) {
          throw broken(at, "metadata '" + key + "' nests arrays deeper than any real file");
        }
        Object[] arrays = new Object[count];
        for (int i = 0; i < count; i++) {
          arrays[i] = array(key, depth + 1);
        }
        yield arrays;
      }
      default -> {
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
          longs[i] = (Long) value(key, type);
        }
        yield longs;
      }
    };
  }

  private boolean flag(String key) {
    long where = at;
    int flag = u8();
    if (flag > 1) {
      throw broken(where, "metadata '%s' is %d, a boolean is 0 or 1".formatted(key, flag));
    }
    return flag == 1;
  }

  private FormatException unknownType(String key, int type) {
    return broken(at - 4, "metadata '%s' is of type %d, known are 0 to 12".formatted(key, type));
  }

  private long advance(long size) {
    if (size > left()) {
      throw broken(
          at,
          "the file ends here, %d more bytes are expected; it is cut, download it again"
              .formatted(size));
    }
    long here = at;
    at += size;
    return here;
  }
}
