package dev.hadal.model;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Tokens in, logits out. It holds weights and nothing else: state is in the arguments. */
public interface Model {
  /**
   * Logits of the batch's output rows: (R, V), F32, valid until the scratch memory behind {@code
   * ops} is reset.
   *
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  default Tensor forward(Ops ops, Batch batch) {
    return logits(ops, hidden(ops, batch));
  }

  /**
   * The last layer's numbers, normalised, of the batch's output rows: (R, D), F32, valid as {@link
   * #forward}'s.
   */
  Tensor hidden(Ops ops, Batch batch);

  /** Logits by rows of {@link #hidden}: (R, V). */
  Tensor logits(Ops ops, Tensor hidden_RD);

  /** The layer that guesses ahead, where the checkpoint brings one. */
  default Optional<NextToken> nextToken() {
    return Optional.empty();
  }

  /** What each layer keeps of a token, in layer order. */
  List<CacheSpec> cacheSpec();
}
