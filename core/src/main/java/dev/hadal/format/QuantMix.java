package dev.hadal.format;

import dev.hadal.tensor.DType;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which storage type each tensor of a model gets: llama.cpp's choices, so that files have the size
 * and quality people know by their names. Source: {@code llama_tensor_get_type_impl} in {@code
 * src/llama-quant.cpp}.
 *
 * @param layers layers there are
 * @param experts routed experts a layer has
 * @param tied whether the embedding is the output matrix too
 * @param seventyBillion llama.cpp's name for the shape of 80 layers whose value heads are shared by
 *     eight query heads
 */
record QuantMix(QuantType type, int layers, int experts, boolean tied, boolean seventyBillion) {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,5})\\..*");
  private static final int LLAMA_70B_LAYERS = 80;
  private static final int MIXTRAL_EXPERTS = 8;

  static QuantMix of(QuantType type, GgufSource source) {
    List<GgufSource.Entry> tensors = source.tensors();
    Config config = source.config();
    boolean untied = tensors.stream().anyMatch(t -> t.name().equals("output.weight"));
    int layers = config.numHiddenLayers() + config.numNextnPredictLayers();
    boolean shared =
        layers == LLAMA_70B_LAYERS && config.numAttentionHeads() != config.numKeyValueHeads();
    return new QuantMix(type, layers, config.numExperts(), !untied, shared);
  }

  /** The layer a GGUF name belongs to; -1 for the rest. */
  static int layer(String name) {
    Matcher layer = LAYER.matcher(name);
    return layer.matches() ? Integer.parseInt(layer.group(1)) : -1;
  }

  DType typeOf(GgufSource.Entry tensor) {
    if (!isQuantisable(tensor)) {
      return DType.F32;
    }
    DType chosen = type.main().isQuantized() ? chosen(tensor) : type.main();
    return fitting(chosen, tensor.columns());
  }

  /** Matrices are; norms, biases and routers are small and count much. */
  private static boolean isQuantisable(GgufSource.Entry tensor) {
    String name = tensor.name();
    return tensor.rank() >= 2
        && name.endsWith("weight")
        && !name.contains("_norm.weight")
        && !name.contains("ffn_gate_inp.weight");
  }

  private DType chosen(GgufSource.Entry tensor) {
    String name = tensor.name();
    if (name.equals("output.weight") || tied && name.equals("token_embd.weight")) {
      return type == QuantType.Q8_0 || tensor.columns() % type.main().blockSize() != 0
          ? DType.Q8_0
          : DType.Q6_K;
    }
    boolean mixtral = experts == MIXTRAL_EXPERTS;
    boolean better = type.isMix() && getsMoreBits(layer(name));
    if (name.contains("attn_v.weight") || name.contains("attn_kv_b.weight")) {
      if (mixtral) {
        return DType.Q8_0;
      }
      if (better) {
        return DType.Q6_K;
      }
      return seventyBillion && type == QuantType.Q4_K_M ? DType.Q5_K : type.main();
    }
    if (name.contains("attn_k.weight") && mixtral) {
      return DType.Q8_0;
    }
    if (name.contains("attn_output.weight")
        && mixtral
        && (type == QuantType.Q4_K_M || type == QuantType.IQ4_NL)) {
      return DType.Q5_K;
    }
    if (name.contains("ffn_down") && type == QuantType.IQ4_NL && layer(name) < layers / 8) {
      return DType.Q5_K;
    }
    return name.contains("ffn_down") && better ? DType.Q6_K : type.main();
  }

  /** The first and last eighth, and every third layer between. */
  private boolean getsMoreBits(int layer) {
    return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
  }

  /** The type itself, or the next that rows of this length fill whole blocks of. */
  private static DType fitting(DType type, int columns) {
    if (columns % type.blockSize() == 0) {
      return type;
    }
    DType next =
        switch (type) {
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> DType.F16;
        };
    return columns % next.blockSize() == 0 ? next : DType.F16;
  }
}
