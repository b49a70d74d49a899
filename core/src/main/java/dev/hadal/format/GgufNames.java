package dev.hadal.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tensor names of GGUF against those of Hugging Face's safetensors, both ways.
 *
 * <p>Sources: {@code gguf-py/gguf/constants.py} of llama.cpp; the published safetensors indexes.
 * Three names are ours, since no safetensors file has such tensors: {@code model.rope_freqs.weight}
 * (divisors of the rotary frequencies), {@code self_attn.k_b_proj.weight} and {@code
 * self_attn.v_b_proj.weight} (DeepSeek's up-projection, split by head: (H, C, n) and (H, v, C)).
 */
final class GgufNames {
  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,5})\\.(.+)");
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,5})\\.(.+)");
  private static final Pattern ONE_EXPERT =
      Pattern.compile("ffn_(gate|up|down)\\.(\\d{1,5})\\.weight"); // before experts were stacked

  /** Pattern of an expert's name after normalising: number, then gate, up or down. */
  static final Pattern EXPERT =
      Pattern.compile("mlp\\.experts\\.(\\d{1,5})\\.(gate|up|down)_proj\\.weight");

  private static final Map<String, String> WHOLE =
      ordered(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight",
          "rope_freqs.weight", "model.rope_freqs.weight");

  /** Names inside a layer, without their {@code .weight} or {@code .bias}. */
  private static final Map<String, String> IN_LAYER =
      ordered(
          "attn_norm", "input_layernorm",
          "ffn_norm", "post_attention_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "attn_q_norm", "self_attn.q_norm",
          "attn_k_norm", "self_attn.k_norm",
          "attn_q_a", "self_attn.q_a_proj",
          "attn_q_a_norm", "self_attn.q_a_layernorm",
          "attn_q_b", "self_attn.q_b_proj",
          "attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa",
          "attn_kv_a_norm", "self_attn.kv_a_layernorm",
          "attn_kv_b", "self_attn.kv_b_proj",
          "attn_k_b", "self_attn.k_b_proj",
          "attn_v_b", "self_attn.v_b_proj",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj",
          "ffn_gate_inp", "mlp.gate",
          "ffn_gate_inp_shexp", "mlp.shared_expert_gate",
          "ffn_gate_exps", "mlp.experts.gate_proj",
          "ffn_up_exps", "mlp.experts.up_proj",
          "ffn_down_exps", "mlp.experts.down_proj",
          "ffn_gate_shexp", "mlp.shared_experts.gate_proj",
          "ffn_up_shexp", "mlp.shared_experts.up_proj",
          "ffn_down_shexp", "mlp.shared_experts.down_proj",
          "nextn.eh_proj", "eh_proj",
          "nextn.enorm", "enorm",
          "nextn.hnorm", "hnorm",
          "nextn.embed_tokens", "embed_tokens",
          "nextn.shared_head_head", "shared_head.head",
          "nextn.shared_head_norm", "shared_head.norm");

  private static final Map<String, String> WHOLE_BACK = reversed(WHOLE);
  private static final Map<String, String> IN_LAYER_BACK = reversed(IN_LAYER);

  private static final String ROUTER_BIAS = "exp_probs_b.bias";
  private static final String ROUTER_BIAS_HF = "mlp.gate.e_score_correction_bias";

  private GgufNames() {}

  /**
   * The Hugging Face name. Stacked experts come out as {@code
   * model.layers.N.mlp.experts.gate_proj.weight}, without a number; unknown names stay as they are.
   *
   * @param oneSharedExpert Qwen2-MoE says {@code shared_expert}, DeepSeek {@code shared_experts}
   */
  static String toHf(String name, boolean oneSharedExpert) {
    Matcher block = BLOCK.matcher(name);
    if (!block.matches()) {
      return WHOLE.getOrDefault(name, name);
    }
    String layer = "model.layers." + block.group(1) + ".";
    String rest = block.group(2);
    if (rest.equals(ROUTER_BIAS) || rest.equals("exp_probs_b")) {
      return layer + ROUTER_BIAS_HF;
    }
    Matcher expert = ONE_EXPERT.matcher(rest);
    if (expert.matches()) {
      return layer + "mlp.experts.%s.%s_proj.weight".formatted(expert.group(2), expert.group(1));
    }
    int dot = rest.lastIndexOf('.');
    String known = dot < 0 ? null : IN_LAYER.get(rest.substring(0, dot));
    if (known == null) {
      return name;
    }
    String hf = layer + known + rest.substring(dot);
    return oneSharedExpert ? hf.replace(".shared_experts.", ".shared_expert.") : hf;
  }

  /** The GGUF name of a Hugging Face one; empty where GGUF has none. Experts come stacked. */
  static Optional<String> toGguf(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return Optional.ofNullable(WHOLE_BACK.get(name));
    }
    String block = "blk." + layer.group(1) + ".";
    String rest = layer.group(2).replace(".shared_expert.", ".shared_experts.");
    if (rest.equals(ROUTER_BIAS_HF)) {
      return Optional.of(block + ROUTER_BIAS);
    }
    Matcher expert = EXPERT.matcher(rest);
    if (expert.matches()) {
      return Optional.of(block + "ffn_" + expert.group(2) + "_exps.weight");
    }
    int dot = rest.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(IN_LAYER_BACK.get(rest.substring(0, dot)))
            .map(known -> block + known + rest.substring(dot));
  }

  /** Mixtral's {@code block_sparse_moe} under the names everyone else uses. */
  static String normalised(String hf) {
    if (!hf.contains(".block_sparse_moe.")) {
      return hf;
    }
    return hf.replace(".block_sparse_moe.", ".mlp.")
        .replace(".w1.", ".gate_proj.")
        .replace(".w2.", ".down_proj.")
        .replace(".w3.", ".up_proj.");
  }

  /** Up to three of {@code names} that look most like {@code wanted}: for error messages. */
  static List<String> nearest(String wanted, Iterable<String> names) {
    List<String> best = new ArrayList<>();
    for (String name : names) {
      if (Math.abs(name.length() - wanted.length()) <= 12) {
        best.add(name);
      }
    }
    best.sort((a, b) -> {
      int byDistance = Integer.compare(distance(wanted, a), distance(wanted, b));
      return byDistance != 0 ? byDistance : a.compareTo(b);
    });
    return List.copyOf(best.subList(0, Math.min(3, best.size())));
  }

  /** Letters that differ once the common beginning and end are cut off: cheap, and enough here. */
  private static int distance(String a, String b) {
    int start = 0;
    int least = Math.min(a.length(), b.length());
    while (start < least && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < least - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    return Math.max(a.length(), b.length()) - start - end;
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static Map<String, String> reversed(Map<String, String> map) {
    Map<String, String> back = new LinkedHashMap<>();
    map.forEach((key, value) -> back.put(value, key));
    return back;
  }
}
