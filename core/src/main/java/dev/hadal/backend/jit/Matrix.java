package dev.hadal.backend.jit;

import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A weight matrix (O, I) whose rows are shared out in units: 16 rows where they meet many tokens,
 * as many as take some microseconds to read where they meet few. Set anew for each call.
 */
final class Matrix {
  /** From so many tokens on, packing a panel costs less than reading rows once a token. */
  static final int MANY = 3;

  private static final long UNIT_BYTES = 64 << 10;

  private @Nullable TypeKernels kernels;
  private long address;
  private long rowBytes;
  private int outputs;
  private int inputs;

  Matrix set(TypeKernels kernels, Tensor w_OI) {
    this.kernels = kernels;
    address = w_OI.address();
    rowBytes = w_OI.rowBytes();
    outputs = w_OI.dim(0);
    inputs = w_OI.dim(1);
    return this;
  }

  /** Whether a matrix has enough rows for our kernels. */
  static boolean takes(Tensor w_OI) {
    return w_OI.rank() == 2 && w_OI.dim(0) >= Panel.ROWS && w_OI.dim(1) > 0;
  }

  TypeKernels kernels() {
    TypeKernels set = kernels;
    if (set == null) {
      throw new IllegalStateException("no matrix was set");
    }
    return set;
  }

  /** Rows of a unit; the last one may have fewer. */
  int unitRows(int count) {
    if (count >= MANY) {
      return Panel.ROWS;
    }
    int rows = Math.clamp(UNIT_BYTES / rowBytes, EightRows.COUNT, 512);
    return rows / EightRows.COUNT * EightRows.COUNT;
  }

  int units(int count) {
    return Math.ceilDiv(outputs, unitRows(count));
  }

  /**
   * Multiplies unit {@code unit} by rows {@code first} to {@code first + count} of x.
   *
   * @param out where out_00 is, for x's row {@code first}
   */
  void multiply(
      int unit, Records x, int first, int count, long out, long outStride, Workspace workspace) {
    int from = unit * unitRows(count);
    int rows = Math.min(unitRows(count), outputs - from);
    if (count >= MANY) {
      panel(from, rows, x, first, count, out, outStride, workspace);
    } else {
      for (int t = 0; t < count; t++) {
        eights(from, rows, x.row(first + t), out + t * outStride, workspace);
      }
    }
  }

  private void eights(int from, int rows, long x, long out, Workspace workspace) {
    TypeKernels kernels = kernels();
    int storageBlocks = inputs / kernels.type().type().blockSize();
    int whole = rows / EightRows.COUNT * EightRows.COUNT;
    for (int o = from; o < from + whole; o += EightRows.COUNT) {
      kernels.rows(out + 4L * o, address + o * rowBytes, rowBytes, storageBlocks, x);
    }
    if (whole < rows) { // the last eight rows, of which only the last ones are new
      int start = outputs - EightRows.COUNT;
      long aside = workspace.outputs(4L * EightRows.COUNT);
      kernels.rows(aside, address + start * rowBytes, rowBytes, storageBlocks, x);
      Floats.copy(aside + 4L * (from + whole - start), out + 4L * (from + whole), rows - whole);
    }
  }

  private void panel(
      int from,
      int rows,
      Records x,
      int first,
      int count,
      long out,
      long outStride,
      Workspace workspace) {
    if (rows == Panel.ROWS) {
      panel(from, x, first, count, out + 4L * from, outStride, workspace);
      return;
    }
    int start = outputs - Panel.ROWS; // as above
    long stride = 4L * Panel.ROWS;
    long aside = workspace.outputs(count * stride);
    panel(start, x, first, count, aside, stride, workspace);
    for (int t = 0; t < count; t++) {
      Floats.copy(aside + t * stride + 4L * (from - start), out + t * outStride + 4L * from, rows);
    }
  }

  private void panel(
      int from, Records x, int first, int count, long out, long outStride, Workspace workspace) {
    TypeKernels kernels = kernels();
    RowType type = kernels.type();
    Panel panel = kernels.panel();
    int most = Workspace.PANEL_BYTES / panel.blockBytes() / 8 * 8; // whole storage blocks
    int blocks = inputs / Panel.BLOCK;
    for (int block = 0; block < blocks; block += most) {
      int here = Math.min(most, blocks - block);
      int storageBlock = block / type.blocks();
      kernels.pack(
          workspace.panel,
          address + from * rowBytes + (long) storageBlock * type.type().blockBytes(),
          rowBytes,
          here / type.blocks());
      kernels.multiply(
          workspace.call,
          workspace.panel,
          here,
          x.row(first) + (long) block * panel.recordBytes(),
          x.strideBytes(),
          count,
          out,
          outStride,
          block > 0);
    }
  }
}
