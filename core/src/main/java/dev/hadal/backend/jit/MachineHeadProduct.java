package dev.hadal.backend.jit;

import dev.hadal.backend.simd.HeadProduct;
import dev.hadal.backend.simd.Worker;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link HeadProduct} by machine code, row by row; by plain Java where there is none. */
final class MachineHeadProduct implements HeadProduct, AutoCloseable {
  private final Machine machine;
  private final NativeBuffer[] ofWorkers;

  MachineHeadProduct(Machine machine, int workers) {
    this.machine = machine;
    ofWorkers = new NativeBuffer[workers];
    for (int i = 0; i < workers; i++) {
      ofWorkers[i] = new NativeBuffer();
    }
  }

  /** Makes the code for these matrices, if there is any; between calls only. */
  void ready(Tensor w_HOI) {
    kernels(w_HOI);
  }

  private @Nullable TypeKernels kernels(Tensor w_HOI) {
    return takes(w_HOI) ? machine.kernels(w_HOI.dtype()) : null;
  }

  private static boolean takes(Tensor w_HOI) {
    return w_HOI.dim(1) >= Panel.ROWS && w_HOI.dim(2) > 0 && w_HOI.dim(2) % FloatType.STEP == 0;
  }

  @Override
  public void run(
      Tensor w_HOI,
      int h,
      float[] x_TI,
      int xAt,
      int count,
      float[] out,
      int outAt,
      int outStride,
      Worker worker) {
    TypeKernels kernels = kernels(w_HOI);
    if (kernels == null) {
      ON_VECTORS.run(w_HOI, h, x_TI, xAt, count, out, outAt, outStride, worker);
      return;
    }
    int outputs = w_HOI.dim(1);
    int inputs = w_HOI.dim(2);
    long rowBytes = w_HOI.rowBytes();
    long w = w_HOI.address() + h * w_HOI.outerStrideBytes();
    int step = kernels.recipe().rowsAtOnce();
    long outBytes = lines(4L * outputs);
    long xBytes = lines(4L * inputs);
    long results =
        ofWorkers[worker.number()].atLeast(outBytes + xBytes + kernels.recordBytes(inputs));
    long x = results + outBytes;
    long record = x + xBytes;
    for (int t = 0; t < count; t++) {
      Floats.copy(x_TI, xAt + t * inputs, x, inputs);
      kernels.activations(x, record, inputs);
      for (int o = 0; o < outputs; o += step) {
        int row = Math.min(o, outputs - step); // the last ones overlap those before
        kernels.rows(results + 4L * row, w + row * rowBytes, rowBytes, inputs, record);
      }
      Floats.copy(results, out, outAt + t * outStride, outputs);
    }
  }

  private static long lines(long bytes) {
    return (bytes + 63) & -64;
  }

  @Override
  public void close() {
    for (NativeBuffer buffer : ofWorkers) {
      buffer.close();
    }
  }
}
