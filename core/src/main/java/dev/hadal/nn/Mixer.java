package dev.hadal.nn;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/** The half of a block where tokens see each other. */
public interface Mixer {
  /** (T, D) to (T, D). */
  Tensor forward(Ops ops, Batch batch, Tensor rotations_Tr, Tensor x_TD);

  /** What it keeps of a token. */
  CacheSpec cacheSpec();
}
