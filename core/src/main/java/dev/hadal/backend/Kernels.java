package dev.hadal.backend;

import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of every model, as a back end must provide it. Outputs are given: a kernel takes
 * no tensor memory that outlives the call, and records nothing. Shapes have been checked by {@code
 * Ops}; activations are contiguous F32, weights have any type.
 *
 * <p>Shapes: T packed tokens, D hidden, I inputs, O outputs, H query heads, K key/value heads, d
 * head size, F feed-forward size, E experts, k experts a token, C latent rank, r rotated part, n
 * unrotated part, v value size, R chosen rows, V vocabulary.
 *
 * <p>All are inference only so far: none has its gradient yet, which will stand beside it, adding
 * to given tensors as the kernels here write them.
 *
 * <p>{@code reference} defines what each must compute; the contract test holds every other back end
 * to it. One thread calls at a time; a back end may use others inside the call.
 */
public interface Kernels {
  /**
   * These kernels for rows of one kind: however many there are, each gets the same numbers, to the
   * last bit. Kernels that keep that anyway are their own.
   */
  default Kernels forRows(Rows rows) {
    return this;
  }

  /** out_t = table[tokens_t]. */
  void embed(Tensor out_TD, Tensor table_VD, int[] tokens);

  /** out_r = x[rows_r]. */
  void rows(Tensor out_RD, Tensor x_TD, int[] rows);

  /** out_ti = x_t(from + i): a column range, copied. */
  void columns(Tensor out_TO, Tensor x_TI, int from);

  /** out_t = a_t and then b_t. */
  default void concat(Tensor out_TO, Tensor a_TA, Tensor b_TB) {
    long a = a_TA.rowBytes();
    long b = b_TB.rowBytes();
    for (int t = 0; t < a_TA.dim(0); t++) {
      MemorySegment.copy(a_TA.data(), t * a, out_TO.data(), t * (a + b), a);
      MemorySegment.copy(b_TB.data(), t * b, out_TO.data(), t * (a + b) + a, b);
    }
  }

  /** out = a + b. {@code out} may be the same storage as {@code a} or {@code b}. */
  void add(Tensor out, Tensor a, Tensor b);

  /**
   * out_ti = a_ti + sigmoid(gate_t) b_ti. {@code out} may be the same storage as {@code a} or
   * {@code b}.
   */
  void addGated(Tensor out_TD, Tensor a_TD, Tensor b_TD, Tensor gate_T);

  /**
   * out_ti = x_ti w_i / sqrt(mean_i x_ti^2 + eps), over the last dimension.
   *
   * @param out_TD written whole; may be the same storage as {@code x_TD}
   */
  void rmsNorm(Tensor out_TD, Tensor x_TD, Tensor w_D, float eps);

  /** out_to = sum_i x_ti w_oi (+ bias_o). */
  void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O);

  /**
   * out = silu(gate) * up, with silu(z) = z / (1 + exp(-z)). {@code out} may be the same storage as
   * either.
   */
  void swiglu(Tensor out_TF, Tensor gate_TF, Tensor up_TF);

  /**
   * The rotations of rotary position embedding: out_t(2i) = scale cos(position_t f_i), out_t(2i+1)
   * = scale sin(position_t f_i). Made once a batch, used by every layer.
   */
  void rotations(Tensor out_Tr, int[] positions, Tensor frequency_r2, float scale);

  /**
   * Rotates pairs of numbers of every head by the token's rotations; what is not rotated is copied.
   * The r rotated numbers begin at {@code offset} in each head; pair i is (2i, 2i+1) there if
   * {@code interleaved}, else (i, i + r/2).
   *
   * @param out_THd may be the same storage as {@code x_THd}
   */
  void rope(Tensor out_THd, Tensor x_THd, Tensor rotations_Tr, int offset, boolean interleaved);

  /**
   * Causal attention of each span to its own past and itself; H / K query heads share a key/value
   * head. With a cache, the new keys and values are first written there (as F16) and all are read
   * from there, so that a prompt gives the same numbers in one piece or in many. out_th = sum_p
   * softmax_p(scale q_th . k_p) v_p over positions p with position_t - window < p <= position_t.
   *
   * @param layer which layer's part of the cache
   * @param window how many positions back a token sees, itself included; 0 for all
   */
  void attention(
      Tensor out_THd,
      Tensor q_THd,
      Tensor k_TKd,
      Tensor v_TKd,
      int layer,
      Batch batch,
      float scale,
      int window);

  /**
   * DeepSeek's latent attention: keys and values are linear in a latent c of C numbers a token,
   * which is all the cache keeps, beside one rotated key of r numbers that all heads share. With
   * q_th = [a (n) | b (r)]: score = scale (a . K_h c_p + b . rope_p), out_th = V_h sum_p
   * softmax(score)_p c_p. A back end computes it decompressed (keys and values made for all p:
   * cheaper for many queries) or absorbed (a K_h first, attention over c itself: cheaper for few);
   * both are the same numbers. The cache rounds as in {@link #attention}.
   *
   * @param q_THq q = n + r, the rotated part last
   * @param c_TC normalised latents
   * @param rope_Tr rotated shared keys
   * @param k_HnC K_h as (H, n, C); or (H, C, n) if {@code kTransposed}. May be a {@link
   *     Tensor#narrow} view
   * @param v_HvC V_h as (H, v, C). May be a {@link Tensor#narrow} view
   */
  void latentAttention(
      Tensor out_THv,
      Tensor q_THq,
      Tensor c_TC,
      Tensor rope_Tr,
      Tensor k_HnC,
      boolean kTransposed,
      Tensor v_HvC,
      int layer,
      Batch batch,
      float scale);

  /**
   * Chooses experts. Scores s are softmax or sigmoid of the logits; choices are s + bias (the bias
   * chooses, it never weighs); a group's worth is by {@link Routing#groupScore()}; the k best
   * choices of the best groups win, ties going to the lower index; their weights are s, divided by
   * their sum + 1e-20 if asked, times the scale.
   *
   * @param expert_Tk I32, best first
   * @param weight_Tk F32
   */
  void route(
      Tensor expert_Tk,
      Tensor weight_Tk,
      Tensor logits_TE,
      @Nullable Tensor bias_E,
      Routing routing);

  /** out_t = sum_j weight_tj down_e (silu(gate_e x_t) * (up_e x_t)), e = expert_tj. */
  void experts(
      Tensor out_TD, Tensor x_TD, Tensor expert_Tk, Tensor weight_Tk, ExpertWeights weights);
}
