package dev.hadal.nn;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grouped-query attention with rotary positions. Sources: arXiv:2305.13245 (grouped queries),
 * arXiv:2104.09864 (rotary).
 *
 * <p>Shapes: T packed tokens, D hidden, H query heads, K key/value heads, d head size.
 */
public final class Attention implements Mixer {
  private final Shape shape;
  private final int layer;
  private final Linear q;
  private final Linear k;
  private final Linear v;
  private final Linear o;
  private final @Nullable RmsNorm qNorm;
  private final @Nullable RmsNorm kNorm;

  /**
   * @param window how many positions back a token sees, itself included; 0 for all
   * @param interleaved how rotated pairs lie, see {@link Rope}
   */
  public record Shape(
      int hidden, int heads, int kvHeads, int headDim, int window, boolean interleaved) {}

  /** Which of the parts that families differ in are there. */
  public enum Extra {
    /** q, k and v have biases. */
    QKV_BIAS,
    /** The output projection has one. */
    OUTPUT_BIAS,
    /** Every q and k head is normalised before it is rotated. */
    QK_NORM
  }

  /**
   * @param weights the scope of {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}
   * @param eps of the norms, where there are any
   */
  public Attention(Weights weights, Shape shape, int layer, double eps, Extra... extras) {
    Set<Extra> has = Set.of(extras);
    boolean biased = has.contains(Extra.QKV_BIAS);
    int queries = shape.heads * shape.headDim;
    int keys = shape.kvHeads * shape.headDim;
    this.shape = shape;
    this.layer = layer;
    this.q = Linear.of(weights.at("q_proj"), queries, shape.hidden, biased);
    this.k = Linear.of(weights.at("k_proj"), keys, shape.hidden, biased);
    this.v = Linear.of(weights.at("v_proj"), keys, shape.hidden, biased);
    this.o =
        Linear.of(weights.at("o_proj"), shape.hidden, queries, has.contains(Extra.OUTPUT_BIAS));
    boolean normed = has.contains(Extra.QK_NORM);
    this.qNorm = normed ? RmsNorm.of(weights.at("q_norm"), shape.headDim, eps) : null;
    this.kNorm = normed ? RmsNorm.of(weights.at("k_norm"), shape.headDim, eps) : null;
  }

  @Override
  public Tensor forward(Ops ops, Batch batch, Tensor rotations_Tr, Tensor x_TD) {
    int t = batch.size();
    Tensor q_THd = q.forward(ops, x_TD).view(t, shape.heads, shape.headDim);
    Tensor k_TKd = k.forward(ops, x_TD).view(t, shape.kvHeads, shape.headDim);
    Tensor v_TKd = v.forward(ops, x_TD).view(t, shape.kvHeads, shape.headDim);
    if (qNorm != null && kNorm != null) {
      q_THd = qNorm.perHead(ops, q_THd);
      k_TKd = kNorm.perHead(ops, k_TKd);
    }
    q_THd = ops.rope(q_THd, rotations_Tr, 0, shape.interleaved);
    k_TKd = ops.rope(k_TKd, rotations_Tr, 0, shape.interleaved);
    float scale = (float) (1 / Math.sqrt(shape.headDim));
    return o.forward(ops, ops.attention(q_THd, k_TKd, v_TKd, layer, batch, scale, shape.window));
  }

  @Override
  public CacheSpec cacheSpec() {
    return new CacheSpec.Full(shape.kvHeads, shape.headDim);
  }
}
