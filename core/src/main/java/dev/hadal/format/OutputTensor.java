package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tensor to be written: its name, its type in the file, and where its numbers come from. */
public final class OutputTensor {
  private final String name;
  private final DType type;
  private final int[] shape;
  private final Rows rows;
  private final @Nullable MemorySegment bytes;

  /** Gives rows of the last dimension, counted over all leading ones. Called from many threads. */
  @FunctionalInterface
  public interface Rows {
    /** Rows {@code first} to {@code first + count}, one after the other into {@code dst}. */
    void read(int first, int count, float[] dst);
  }

  private OutputTensor(
      String name, DType type, int[] shape, Rows rows, @Nullable MemorySegment bytes) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.rows = rows;
    this.bytes = bytes;
    type.bytes(columns()); // a row must fill whole blocks
  }

  /**
   * A tensor whose rows are made as they are written.
   *
   * @throws IllegalArgumentException if a row does not fill whole blocks of {@code type}
   */
  public static OutputTensor of(String name, DType type, Rows rows, int... shape) {
    return new OutputTensor(name, type, shape.clone(), rows, null);
  }

  /** A tensor as it is, or encoded anew if {@code type} is not its own. */
  public static OutputTensor of(String name, DType type, Tensor tensor) {
    boolean same = tensor.dtype() == type && tensor.isContiguous() && tensor.blockScale() == null;
    return new OutputTensor(name, type, tensor.shape(), rows(tensor), same ? tensor.data() : null);
  }

  /** A tensor's bytes, unchanged; the scales of an FP8 matrix are a tensor of their own. */
  public static OutputTensor copy(String name, Tensor tensor) {
    if (!tensor.isContiguous()) {
      throw new IllegalArgumentException(tensor + " has gaps; its bytes can't be copied");
    }
    return new OutputTensor(name, tensor.dtype(), tensor.shape(), rows(tensor), tensor.data());
  }

  /** The rows of a tensor. */
  public static Rows rows(Tensor tensor) {
    return (first, count, dst) -> {
      int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
      for (int i = 0; i < count; i++) {
        Dequant.decodeRow(tensor, first + i, dst, i * columns);
      }
    };
  }

  public String name() {
    return name;
  }

  public DType type() {
    return type;
  }

  /** A copy of the dimensions. */
  public int[] shape() {
    return shape.clone();
  }

  /** Bytes it takes in the file. */
  public long size() {
    return Math.multiplyExact(rowCount(), type.bytes(columns()));
  }

  int columns() {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }

  int rowCount() {
    int count = 1;
    for (int i = 0; i < shape.length - 1; i++) {
      count = Math.multiplyExact(count, shape[i]);
    }
    return count;
  }

  Rows rows() {
    return rows;
  }

  /** The finished bytes, if they are there already. */
  @Nullable MemorySegment bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
