package dev.hadal.backend.jit;

import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A weight matrix (O, I) whose rows are shared out in units: 16 rows where they meet many tokens,
 * as many as take some microseconds to read where they meet few. Set anew for each call.
 */
final class Matrix {
  /** Tokens that meet all panels of a unit before the next ones come: eight tiles. */
  private static final int TOKENS_AT_ONCE = 8 * TileKernel.MAX_TOKENS;

  // Rows that are fetched ahead at a unit's end are another thread's: units are as long as sharing
  // them out evenly allows.
  private static final long FEWEST_UNIT_BYTES = 64 << 10;
  private static final long MOST_UNIT_BYTES = 1 << 20;

  private final int width;

  private @Nullable TypeKernels kernels;
  private long address;
  private long rowBytes;
  private int outputs;
  private int inputs;

  /**
   * @param width how many threads take units
   */
  Matrix(int width) {
    this.width = width;
  }

  Matrix set(TypeKernels kernels, Tensor w_OI) {
    this.kernels = kernels;
    address = w_OI.address();
    rowBytes = w_OI.rowBytes();
    outputs = w_OI.dim(0);
    inputs = w_OI.dim(1);
    return this;
  }

  /** Whether a matrix has enough rows for our kernels, and whole steps of columns. */
  static boolean takes(Tensor w_OI) {
    return w_OI.rank() == 2
        && w_OI.dim(0) >= Panel.ROWS
        && w_OI.dim(1) > 0
        && w_OI.dim(1) % FloatType.STEP == 0;
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
    if (count >= kernels().recipe().many()) {
      return Panel.ROWS * Math.clamp(outputs / (8L * width * Panel.ROWS), 1, Workspace.PANELS);
    }
    int step = kernels().recipe().rowsAtOnce();
    long bytes = Math.clamp(outputs * rowBytes / (8L * width), FEWEST_UNIT_BYTES, MOST_UNIT_BYTES);
    return Math.max(step, Math.toIntExact(bytes / rowBytes / step * step));
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
    if (count >= kernels().recipe().many()) {
      int whole = rows / Panel.ROWS;
      panels(from, whole, x, first, count, out + 4L * from, outStride, workspace);
      if (rows % Panel.ROWS != 0) {
        tail(rows % Panel.ROWS, x, first, count, out, outStride, workspace);
      }
    } else {
      few(from, rows, x, first, count, out, outStride, workspace);
    }
  }

  private void few(
      int from,
      int rows,
      Records x,
      int first,
      int count,
      long out,
      long outStride,
      Workspace workspace) {
    int step = kernels().recipe().rowsAtOnce();
    int whole = rows / step * step;
    for (int o = from; o < from + whole; o += step) {
      strip(o, x, first, count, out + 4L * o, outStride, workspace);
    }
    if (whole < rows) { // the matrix's last rows, of which only the very last are new
      int start = outputs - step;
      long stride = 4L * step;
      long aside = workspace.outputs(count * stride);
      strip(start, x, first, count, aside, stride, workspace);
      for (int t = 0; t < count; t++) {
        Floats.copy(
            aside + t * stride + 4L * (from + whole - start),
            out + t * outStride + 4L * (from + whole),
            rows - whole);
      }
    }
  }

  private void strip(
      int row, Records x, int first, int count, long out, long outStride, Workspace workspace) {
    kernels()
        .strip(
            workspace.call,
            out,
            outStride,
            address + row * rowBytes,
            rowBytes,
            inputs,
            x.row(first),
            x.strideBytes(),
            count);
  }

  /** The last rows: sixteen are multiplied, of which only the last ones are new. */
  private void tail(
      int rows, Records x, int first, int count, long out, long outStride, Workspace workspace) {
    long stride = 4L * Panel.ROWS;
    long aside = workspace.outputs(count * stride);
    panels(outputs - Panel.ROWS, 1, x, first, count, aside, stride, workspace);
    for (int t = 0; t < count; t++) {
      Floats.copy(
          aside + t * stride + 4L * (Panel.ROWS - rows),
          out + t * outStride + 4L * (outputs - rows),
          rows);
    }
  }

  private void panels(
      int from,
      int panels,
      Records x,
      int first,
      int count,
      long out,
      long outStride,
      Workspace workspace) {
    TypeKernels kernels = kernels();
    int most = kernels.recipe().panelColumns();
    // Other threads take the units between: what follows them is this one's next.
    long ahead = address + (from + (long) width * panels * Panel.ROWS) * rowBytes;
    for (int column = 0; column < inputs; column += most) {
      int here = Math.min(most, inputs - column);
      for (int p = 0; p < panels; p++) {
        long row = address + (from + p * Panel.ROWS) * rowBytes;
        long at = row + kernels.storedBytes(column);
        kernels.pack(workspace.panel(p), at, rowBytes, here, ahead);
        ahead += Panel.ROWS * kernels.storedBytes(here);
      }
      for (int t = 0; t < count; t += TOKENS_AT_ONCE) {
        for (int p = 0; p < panels; p++) {
          kernels.multiply(
              workspace.call,
              workspace.panel(p),
              here,
              x.row(first + t) + kernels.recordBytes(column),
              x.strideBytes(),
              Math.min(TOKENS_AT_ONCE, count - t),
              out + t * outStride + 4L * p * Panel.ROWS,
              outStride,
              column > 0);
        }
      }
    }
  }
}
