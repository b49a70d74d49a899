package dev.hadal.backend.simd;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;

/**
 * A weight matrix (O, I) as kernels see it: type, address, stride, and the block scales of an FP8
 * matrix. Made once, set to another tensor for every call.
 */
final class Weight {
  DType type = DType.F32;
  long address;
  long rowBytes;
  int outputs;
  int inputs;

  /** FP8 scales (ceil(O / 128), scaleColumns), or nothing if scaleColumns is 0. */
  float[] scales = new float[0];

  int scaleColumns;

  Weight set(Tensor w_OI) {
    type = w_OI.dtype();
    address = w_OI.address();
    rowBytes = w_OI.rowBytes();
    outputs = w_OI.dim(-2);
    inputs = w_OI.dim(-1);
    Tensor blockScale = w_OI.blockScale();
    scaleColumns = blockScale == null ? 0 : blockScale.dim(-1);
    if (blockScale != null) {
      int count = Math.toIntExact(blockScale.size());
      if (scales.length < count) {
        scales = new float[count];
      }
      for (int row = 0; row < blockScale.rowCount(); row++) {
        Dequant.decodeRow(blockScale, row, scales, row * scaleColumns);
      }
    }
    return this;
  }

  /** As {@link #set}, for one entry of a stack of matrices (H, O, I) that may have gaps. */
  Weight set(Tensor w_HOI, int entry) {
    type = w_HOI.dtype();
    address = w_HOI.address() + entry * w_HOI.outerStrideBytes();
    rowBytes = w_HOI.rowBytes();
    outputs = w_HOI.dim(-2);
    inputs = w_HOI.dim(-1);
    scaleColumns = 0;
    return this;
  }

  /** Rows in memory that belong to no tensor. */
  void set(DType type, long address, long rowBytes, int outputs, int inputs) {
    this.type = type;
    this.address = address;
    this.rowBytes = rowBytes;
    this.outputs = outputs;
    this.inputs = inputs;
    scaleColumns = 0;
  }

  long row(int row) {
    return address + row * rowBytes;
  }

  /** Unpacks columns {@code from} to {@code from + count} of a row; whole blocks. */
  void unpack(int row, int from, int count, float[] to, int at) {
    Panels.unpack(type, row(row) + type.bytes(from), to, at, count);
    if (scaleColumns > 0) {
      scale(row, from, count, to, at);
    }
  }

  private void scale(int row, int from, int count, float[] to, int at) {
    int scaleRow = row / Dequant.SCALE_BLOCK * scaleColumns;
    for (int i = 0; i < count; i++) {
      to[at + i] *= scales[scaleRow + (from + i) / Dequant.SCALE_BLOCK];
    }
  }
}
