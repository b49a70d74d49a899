package dev.hadal.backend.jit;

/** Rows of activations, prepared for one storage type's kernels. */
final class Records implements AutoCloseable {
  private final NativeBuffer buffer = new NativeBuffer();
  private long address;
  private long strideBytes;
  private int columns;

  /** Makes room for {@code count} rows; each is then loaded by whoever likes. */
  void shape(TypeKernels kernels, int count, int inputs) {
    columns = inputs;
    strideBytes = kernels.recipe().recordStride(kernels.recordBytes(inputs));
    address = buffer.atLeast(count * strideBytes);
  }

  /** Prepares the floats at {@code x} as row {@code row}. */
  void load(TypeKernels kernels, int row, long x) {
    kernels.activations(x, row(row), columns);
  }

  long row(int row) {
    return address + row * strideBytes;
  }

  long strideBytes() {
    return strideBytes;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
