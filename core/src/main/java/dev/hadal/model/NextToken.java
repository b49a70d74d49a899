package dev.hadal.model;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;

/**
 * A layer of a checkpoint that guesses one token further than the model itself: from what the model
 * made of a token, and from the token that came after it. Source: DeepSeek-V3, arXiv:2412.19437,
 * section 2.2.
 */
public interface NextToken {
  /**
   * What it makes of each row, normalised: by {@link Model#logits} the token after the next, and
   * with that token the start for one more guess.
   *
   * @param batch positions as the model saw them, and for each the token that came after it; the
   *     cache has this layer behind the model's own
   * @param hidden_TD the model's {@link Model#hidden} of these rows
   * @return (T, D)
   */
  Tensor forward(Ops ops, Batch batch, Tensor hidden_TD);

  /** What it keeps of a token. */
  CacheSpec cacheSpec();
}
