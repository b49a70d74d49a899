package dev.hadal.backend.jit;

/** Rows of activations, rounded to whole numbers for one storage type's kernels. */
final class Records implements AutoCloseable {
  private final NativeBuffer buffer = new NativeBuffer();
  private long address;
  private long strideBytes;
  private int blocks;

  /** Makes room for {@code count} rows; each is then loaded by whoever likes. */
  void shape(TypeKernels kernels, int count, int inputs) {
    blocks = inputs / Panel.BLOCK;
    strideBytes = (long) blocks * kernels.panel().recordBytes();
    address = buffer.atLeast(count * strideBytes);
  }

  /** Rounds the floats at {@code x} into row {@code row}. */
  void load(TypeKernels kernels, int row, long x) {
    kernels.activations(x, row(row), blocks);
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
