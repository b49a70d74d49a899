package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes any checkpoint as a folder that Hugging Face's libraries read right: rotated rows in their
 * order, DeepSeek's up-projection in one matrix, Mixtral's own names.
 */
public final class SafetensorsExport {
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("llama", "LlamaForCausalLM"),
          Map.entry("mistral", "MistralForCausalLM"),
          Map.entry("mixtral", "MixtralForCausalLM"),
          Map.entry("qwen2", "Qwen2ForCausalLM"),
          Map.entry("qwen3", "Qwen3ForCausalLM"),
          Map.entry("qwen2_moe", "Qwen2MoeForCausalLM"),
          Map.entry("qwen3_moe", "Qwen3MoeForCausalLM"),
          Map.entry("deepseek_v2", "DeepseekV2ForCausalLM"),
          Map.entry("deepseek_v3", "DeepseekV3ForCausalLM"),
          Map.entry("kimi_k2", "DeepseekV3ForCausalLM"));

  private final Checkpoint in;
  private final Config config;
  private final DType type;
  private final Map<String, Object> values;
  private final List<OutputTensor> tensors = new ArrayList<>();

  private SafetensorsExport(Checkpoint in, DType type) {
    this.in = in;
    this.config = in.config();
    this.type = type;
    this.values = new LinkedHashMap<>(config.values());
  }

  /**
   * @param type F32, F16 or BF16, for every tensor
   * @throws IllegalArgumentException if it is another
   */
  public static void write(Checkpoint in, Path folder, DType type, Progress progress) {
    if (type != DType.F32 && type != DType.F16 && type != DType.BF16) {
      throw new IllegalArgumentException(type + ": F32, F16 or BF16 is written");
    }
    SafetensorsExport export = new SafetensorsExport(in, type);
    export.collect();
    SafetensorsWriter.write(
        folder, export.values, export.tensors, SafetensorsWriter.USUAL_PART_BYTES, progress);
  }

  private void collect() {
    boolean llama = HfMetadata.isSideBySide(config) && config.ropeInterleave();
    if (llama) {
      values.remove("rope_interleave");
    }
    values.remove("quantization_config");
    String architecture = CLASSES.get(config.modelType());
    if (architecture != null) {
      values.put("architectures", List.of(architecture));
    }
    values.put(
        "torch_dtype", type == DType.F32 ? "float32" : type == DType.F16 ? "float16" : "bfloat16");
    for (String name : in.names()) {
      Tensor tensor = in.tensor(name);
      if (llama && name.contains(".self_attn.q_proj.")) {
        add(name, RotaryRows.halfSplit(tensor, config.numAttentionHeads()), tensor.shape());
      } else if (llama && name.contains(".self_attn.k_proj.")) {
        add(name, RotaryRows.halfSplit(tensor, config.numKeyValueHeads()), tensor.shape());
      } else if (name.endsWith(".k_b_proj.weight")) {
        addJoined(name, tensor);
      } else if (name.equals("model.rope_freqs.weight")) {
        addFrequencies(name, tensor);
      } else if (!name.endsWith(".v_b_proj.weight")) {
        tensors.add(OutputTensor.of(name(name), type, tensor));
      }
    }
  }

  private void addJoined(String name, Tensor keys) {
    Tensor values = in.tensor(name.replace(".k_b_proj.", ".v_b_proj."));
    if (keys.rank() != 3 || values.rank() != 3 || keys.dim(0) != values.dim(0)) {
      throw new FormatException(
          Json.fileName(in.source()), -1, name + " is " + keys + " beside values " + values);
    }
    int rows = keys.dim(0) * (keys.dim(2) + values.dim(1));
    add(
        name.replace(".k_b_proj.", ".kv_b_proj."),
        LatentHeads.joined(keys, values),
        rows,
        keys.dim(1));
  }

  private void addFrequencies(String name, Tensor divisors) {
    Llama3Frequencies.rule(config.ropeTheta(), config.headDim(), divisors)
        .ifPresentOrElse(
            rule -> values.put("rope_scaling", rule),
            () -> tensors.add(OutputTensor.copy(name, divisors)));
  }

  private void add(String name, OutputTensor.Rows rows, int... shape) {
    tensors.add(OutputTensor.of(name, type, rows, shape));
  }

  private String name(String name) {
    if (!config.modelType().equals("mixtral")) {
      return name;
    }
    return name.replace(".mlp.", ".block_sparse_moe.")
        .replace(".gate_proj.", ".w1.")
        .replace(".down_proj.", ".w2.")
        .replace(".up_proj.", ".w3.");
  }
}
