package dev.hadal.nn;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention: keys and values are made from one small latent a token, which is all
 * the cache keeps beside one rotated key that all heads share. Source: DeepSeek-V2,
 * arXiv:2405.04434, section 2.1.
 *
 * <pre>
 * c_q  = RMSNorm(x W_DQ), q = c_q W_UQ        or q = x W_Q where queries are not compressed
 * [c | k_rope] = x W_DKV, c = RMSNorm(c)
 * [k_nope | v] = c W_UKV                      never made for a decoding step: W_UK moves to the query's side
 * y = W_O concat_h softmax(scale (q_nope . k_nope + q_rope . k_rope)) v
 * </pre>
 *
 * <p>Shapes: T packed tokens, D hidden, H heads, q = n + r query size (unrotated, rotated), C
 * latent rank, v value size.
 */
public final class LatentAttention implements Mixer {
  private final Shape shape;
  private final int layer;
  private final @Nullable Linear qDown;
  private final @Nullable RmsNorm qNorm;
  private final Linear q;
  private final Linear kvDown;
  private final RmsNorm kvNorm;
  private final Tensor k_HnC;
  private final boolean kTransposed;
  private final Tensor v_HvC;
  private final Linear o;

  /**
   * @param qRank latent rank of the queries; 0 where they are not compressed
   * @param scale what scores are multiplied by
   * @param biased whether the projections from and to the residual stream have biases
   * @param interleaved how rotated pairs lie, see {@link Rope}
   */
  public record Shape(
      int hidden,
      int heads,
      int qRank,
      int rank,
      int nope,
      int rope,
      int value,
      float scale,
      boolean biased,
      boolean interleaved) {}

  public LatentAttention(Weights weights, Shape shape, int layer, double eps) {
    int h = shape.heads;
    int qDim = shape.nope + shape.rope;
    this.shape = shape;
    this.layer = layer;
    if (shape.qRank > 0) {
      this.qDown = Linear.of(weights.at("q_a_proj"), shape.qRank, shape.hidden, shape.biased);
      this.qNorm = RmsNorm.of(weights.at("q_a_layernorm"), shape.qRank, eps);
      this.q = Linear.of(weights.at("q_b_proj"), h * qDim, shape.qRank);
    } else {
      this.qDown = null;
      this.qNorm = null;
      this.q = Linear.of(weights.at("q_proj"), h * qDim, shape.hidden);
    }
    this.kvDown =
        Linear.of(
            weights.at("kv_a_proj_with_mqa"), shape.rank + shape.rope, shape.hidden, shape.biased);
    this.kvNorm = RmsNorm.of(weights.at("kv_a_layernorm"), shape.rank, eps);
    this.kTransposed = weights.has("k_b_proj.weight");
    if (kTransposed) {
      this.k_HnC = weights.tensor("k_b_proj.weight", h, shape.rank, shape.nope);
      this.v_HvC = weights.tensor("v_b_proj.weight", h, shape.value, shape.rank);
    } else {
      int both = shape.nope + shape.value;
      Tensor kv_HbC =
          weights.plain("kv_b_proj.weight", h * both, shape.rank).view(h, both, shape.rank);
      this.k_HnC = kv_HbC.narrow(0, shape.nope);
      this.v_HvC = kv_HbC.narrow(shape.nope, both);
    }
    this.o = Linear.of(weights.at("o_proj"), shape.hidden, h * shape.value, shape.biased);
  }

  @Override
  public Tensor forward(Ops ops, Batch batch, Tensor rotations_Tr, Tensor x_TD) {
    int t = batch.size();
    Tensor query_TD =
        qDown == null || qNorm == null ? x_TD : qNorm.forward(ops, qDown.forward(ops, x_TD));
    Tensor q_THq = q.forward(ops, query_TD).view(t, shape.heads, shape.nope + shape.rope);
    Tensor down_TI = kvDown.forward(ops, x_TD);
    Tensor c_TC = kvNorm.forward(ops, ops.columns(down_TI, 0, shape.rank));
    Tensor key_Tr = ops.columns(down_TI, shape.rank, shape.rank + shape.rope);
    q_THq = ops.rope(q_THq, rotations_Tr, shape.nope, shape.interleaved);
    key_Tr =
        ops.rope(key_Tr.view(t, 1, shape.rope), rotations_Tr, 0, shape.interleaved)
            .view(t, shape.rope);
    return o.forward(
        ops,
        ops.latentAttention(
            q_THq, c_TC, key_Tr, k_HnC, kTransposed, v_HvC, layer, batch, shape.scale));
  }

  @Override
  public CacheSpec cacheSpec() {
    return new CacheSpec.Latent(shape.rank, shape.rope);
  }
}
