package dev.hadal.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A shaped view of off-heap memory: row-major, little-endian, the last dimension contiguous and
 * made of whole blocks.
 *
 * <p>A tensor never owns its memory: an arena, a {@link Scratch} or a mapped file does. Views share
 * storage. All dimensions are contiguous except that {@link #narrow} leaves a gap after each entry
 * of the first one. Not thread-safe to write from two threads at the same place; reading is free.
 */
public final class Tensor {
  /** How F32 numbers lie in memory, whatever the machine's own order. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final DType dtype;
  private final int[] shape;
  private final MemorySegment data;
  private final long size;
  private final long outerStrideBytes;
  private final @Nullable Tensor blockScale;
  private @Nullable Tensor lastView;

  private Tensor(
      DType dtype,
      MemorySegment data,
      int[] shape,
      long outerStrideBytes,
      @Nullable Tensor blockScale) {
    this.dtype = dtype;
    this.data = data;
    this.shape = shape;
    this.size = size(shape);
    this.outerStrideBytes = outerStrideBytes;
    this.blockScale = blockScale;
  }

  /**
   * A tensor over the first bytes of a native segment.
   *
   * @throws IllegalArgumentException if the segment is too small, is on the heap, or a row does not
   *     fill whole blocks
   */
  public static Tensor of(DType dtype, MemorySegment data, int... shape) {
    return of(dtype, data, null, shape);
  }

  /**
   * As {@link #of(DType, MemorySegment, int...)}, with one scale for every 128 x 128 numbers of an
   * FP8 matrix.
   */
  public static Tensor of(
      DType dtype, MemorySegment data, @Nullable Tensor blockScale, int... shape) {
    if (!data.isNative()) {
      throw new IllegalArgumentException(
          "a tensor's memory is off-heap, this segment is on the heap");
    }
    int[] own = shape.clone();
    long bytes = bytes(dtype, own);
    if (data.byteSize() < bytes) {
      throw new IllegalArgumentException(
          dtype
              + Arrays.toString(own)
              + " takes "
              + bytes
              + " bytes, the segment has "
              + data.byteSize());
    }
    return new Tensor(dtype, data.asSlice(0, bytes), own, outerStride(dtype, own), blockScale);
  }

  /** Fresh zeroed memory from {@code arena}. */
  public static Tensor allocate(Arena arena, DType dtype, int... shape) {
    return of(dtype, arena.allocate(Math.max(1, bytes(dtype, shape)), 64), shape);
  }

  /** An F32 copy of {@code values}, kept alive by the tensor itself. */
  public static Tensor of(float[] values, int... shape) {
    Tensor tensor = allocate(Arena.ofAuto(), DType.F32, shape);
    if (tensor.size() != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill the shape " + Arrays.toString(shape));
    }
    MemorySegment.copy(values, 0, tensor.data, FLOAT, 0, values.length);
    return tensor;
  }

  /** A shape without memory, for counting parameters; its numbers can't be read. */
  public static Tensor shapeOnly(DType dtype, int... shape) {
    int[] own = shape.clone();
    return new Tensor(dtype, MemorySegment.NULL, own, outerStride(dtype, own), null);
  }

  public DType dtype() {
    return dtype;
  }

  /** A copy of the dimensions. */
  public int[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  /** Dimension {@code i}; negative counts from the last, as in PyTorch. */
  public int dim(int i) {
    return shape[i < 0 ? shape.length + i : i];
  }

  /** How many numbers the tensor holds. */
  public long size() {
    return size;
  }

  /** The memory, from this view's first number on. */
  public MemorySegment data() {
    return data;
  }

  /** The address of the first number. */
  public long address() {
    return data.address();
  }

  /** The scales of an FP8 matrix, one for every 128 x 128 numbers, or null. */
  public @Nullable Tensor blockScale() {
    return blockScale;
  }

  /** Rows: the product of all dimensions but the last. */
  public int rowCount() {
    return shape.length == 0 ? 1 : Math.toIntExact(dim(-1) == 0 ? 0 : size / dim(-1));
  }

  /** Bytes from one row (of the last dimension) to the next inside a contiguous part. */
  public long rowBytes() {
    return shape.length == 0 ? dtype.bytes(1) : dtype.bytes(dim(-1));
  }

  /**
   * Bytes from one entry of the first dimension to the next: the contiguous size, or more in a
   * {@link #narrow} view.
   */
  public long outerStrideBytes() {
    return outerStrideBytes;
  }

  /** False only for {@link #narrow} views that leave gaps. */
  public boolean isContiguous() {
    return outerStrideBytes == outerStride(dtype, shape);
  }

  public boolean hasShape(int... expected) {
    return Arrays.equals(shape, expected);
  }

  /** As {@link #hasShape(int...)}, making no array to ask. */
  public boolean hasShape(int rows, int columns) {
    return shape.length == 2 && shape[0] == rows && shape[1] == columns;
  }

  /** As {@link #hasShape(int...)}, making no array to ask. */
  public boolean hasShape(int first, int second, int third) {
    return shape.length == 3 && shape[0] == first && shape[1] == second && shape[2] == third;
  }

  /** As {@link #view(int...)}; asked again, it allocates nothing. */
  public Tensor view(int rows, int columns) {
    Tensor last = lastView;
    return last != null && last.hasShape(rows, columns) ? last : view(new int[] {rows, columns});
  }

  /** As {@link #view(int...)}; asked again, it allocates nothing. */
  public Tensor view(int first, int second, int third) {
    Tensor last = lastView;
    return last != null && last.hasShape(first, second, third)
        ? last
        : view(new int[] {first, second, third});
  }

  /** The same numbers under another shape. */
  public Tensor view(int... newShape) {
    Tensor last = lastView;
    if (last != null && Arrays.equals(last.shape, newShape)) {
      return last; // decoding asks for the same views at every token and should not allocate
    }
    if (size(newShape) != size || !isContiguous()) {
      throw new IllegalArgumentException(this + " can't be viewed as " + Arrays.toString(newShape));
    }
    int[] own = newShape.clone();
    Tensor view = new Tensor(dtype, data, own, outerStride(dtype, own), blockScale);
    lastView = view;
    return view;
  }

  /** Entries {@code from} (inclusive) to {@code to} (exclusive) of the first dimension. */
  public Tensor rows(int from, int to) {
    if (from < 0 || to > shape[0] || from > to) {
      throw new IllegalArgumentException("rows " + from + " to " + to + " of " + this);
    }
    if (blockScale != null && (from != 0 || to != shape[0])) {
      throw new IllegalArgumentException(
          "rows of an FP8 matrix with block scales can't be viewed: " + this);
    }
    int[] own = shape.clone();
    own[0] = to - from;
    return new Tensor(
        dtype,
        slice(from * outerStrideBytes, (to - from) * outerStrideBytes),
        own,
        outerStrideBytes,
        blockScale);
  }

  /** Entry {@code i} of the first dimension, with one dimension less. */
  public Tensor at(int i) {
    if (i < 0 || i >= shape[0]) {
      throw new IllegalArgumentException("entry " + i + " of " + this);
    }
    int[] own = Arrays.copyOfRange(shape, 1, shape.length);
    return new Tensor(
        dtype,
        slice(i * outerStrideBytes, bytes(dtype, own)),
        own,
        outerStride(dtype, own),
        blockScale);
  }

  /**
   * Entries {@code from} to {@code to} of the second dimension, for every entry of the first:
   * PyTorch's {@code narrow(1, from, to - from)}. The view leaves gaps; few ops take it, and say
   * so.
   */
  public Tensor narrow(int from, int to) {
    if (shape.length < 3 || from < 0 || to > shape[1] || from > to || blockScale != null) {
      throw new IllegalArgumentException("second dimension " + from + " to " + to + " of " + this);
    }
    int[] own = shape.clone();
    own[1] = to - from;
    long inner = outerStride(dtype, shape) / Math.max(1, shape[1]);
    long skip = from * inner;
    return new Tensor(dtype, slice(skip, data.byteSize() - skip), own, outerStrideBytes, null);
  }

  /** Number {@code index} of a contiguous F32 tensor. */
  public float get(long index) {
    return data.get(FLOAT, index * Float.BYTES);
  }

  /** Sets number {@code index} of a contiguous F32 tensor. */
  public void set(long index, float value) {
    data.set(FLOAT, index * Float.BYTES, value);
  }

  /** Number {@code index} of a contiguous I32 tensor. */
  public int getInt(long index) {
    return data.get(INT, index * Integer.BYTES);
  }

  /** Sets number {@code index} of a contiguous I32 tensor. */
  public void setInt(long index, int value) {
    data.set(INT, index * Integer.BYTES, value);
  }

  /** The numbers of a contiguous F32 tensor, copied. */
  public float[] toFloats() {
    if (dtype != DType.F32 || !isContiguous()) {
      throw new IllegalArgumentException(this + " is not plain F32; dequantise it first");
    }
    float[] values = new float[Math.toIntExact(size)];
    MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
    return values;
  }

  private MemorySegment slice(long offset, long bytes) {
    return data.equals(MemorySegment.NULL)
        ? data
        : data.asSlice(offset, Math.min(bytes, data.byteSize() - offset));
  }

  private static long size(int[] shape) {
    long size = 1;
    for (int dim : shape) {
      if (dim < 0) {
        throw new IllegalArgumentException("a dimension is negative: " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, (long) dim);
    }
    return size;
  }

  private static long bytes(DType dtype, int[] shape) {
    if (shape.length > 0) {
      dtype.bytes(shape[shape.length - 1]); // a row must fill whole blocks, not just the whole
    }
    return dtype.bytes(size(shape));
  }

  private static long outerStride(DType dtype, int[] shape) {
    return shape.length == 0 || shape[0] == 0 ? 0 : bytes(dtype, shape) / shape[0];
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
