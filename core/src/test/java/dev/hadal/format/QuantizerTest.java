package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QuantizerTest {
  @TempDir Path folder;
  private Path hf;
  private Path gguf;

  @BeforeEach
  void names() {
    hf = folder.resolve("hf");
    gguf = folder.resolve("model.gguf");
  }

  @Test
  void aLlamaFolderBecomesGgufAndComesBack() {
    TinyModels.write(hf, TinyModels.llamaConfig(), TinyModels.llama(DType.F32));
    quantize(hf, QuantType.F32);
    assertSameTensors();
    try (Checkpoint made = Checkpoint.open(gguf)) {
      assertThat(made.config().ropeInterleave()).isTrue();
      assertThat(made.metadata()).containsEntry("general.file_type", 0L);
    }
  }

  @Test
  void aDeepSeekFolderBecomesGgufAndComesBack() {
    TinyModels.write(hf, TinyModels.deepSeekConfig(), TinyModels.deepSeek(DType.F32));
    quantize(hf, QuantType.F32);
    assertSameTensors();
    try (Checkpoint made = Checkpoint.open(gguf);
        Checkpoint original = Checkpoint.open(hf)) {
      Config config = made.config();
      assertThat(config.kvLoraRank()).isEqualTo(32);
      assertThat(config.qkNopeHeadDim()).isEqualTo(16);
      assertThat(config.vHeadDim()).isEqualTo(16);
      assertThat(config.topkMethod()).isEqualTo("noaux_tc");
      assertThat(config.routedScalingFactor()).isEqualTo(2.5);
      // Turned round: row c of a head holds what stood in column c.
      Tensor split = made.tensor("model.layers.0.self_attn.k_b_proj.weight");
      float[] whole =
          Dequant.toFloats(original.tensor("model.layers.0.self_attn.kv_b_proj.weight"));
      float[] turned = Dequant.toFloats(split);
      assertThat(split.shape()).containsExactly(4, 32, 16);
      assertThat(turned[(2 * 32 + 5) * 16 + 3]).isEqualTo(whole[(2 * 32 + 3) * 32 + 5]);
    }
  }

  @ParameterizedTest
  @EnumSource(QuantType.class)
  void everyTypeIsWrittenAndReadsBackNear(QuantType type) {
    TinyModels.write(hf, TinyModels.llamaConfig(), TinyModels.llama(DType.F32));
    quantize(hf, type);
    try (Checkpoint made = Checkpoint.open(gguf);
        Checkpoint original = Checkpoint.open(hf)) {
      String name = "model.layers.1.mlp.down_proj.weight";
      float[] exact = Dequant.toFloats(original.tensor(name));
      float[] found = Dequant.toFloats(made.tensor(name));
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        sum += Math.pow((double) exact[i] - found[i], 2);
      }
      assertThat(Math.sqrt(sum / exact.length)).isLessThan(0.12);
      assertThat(made.tensor("model.norm.weight").dtype()).isEqualTo(DType.F32);
    }
  }

  @Test
  void fromGgufEveryMetadataEntryIsKept() {
    GgufWriter.write(
        gguf, GgufTest.llamaMetadata(), GgufTest.ggufTensors(DType.F16), Progress.NONE);
    Path out = folder.resolve("out.gguf");
    try (Checkpoint checkpoint = Checkpoint.open(gguf)) {
      Quantizer.quantize(checkpoint, out, QuantType.Q4_0, Progress.NONE);
    }
    try (Checkpoint before = Checkpoint.open(gguf);
        Checkpoint after = Checkpoint.open(out)) {
      Map<String, Object> expected = new LinkedHashMap<>(before.metadata());
      expected.put("general.quantization_version", 2L);
      expected.put("general.file_type", 2L);
      assertThat(after.metadata()).usingRecursiveComparison().isEqualTo(expected);
      assertThat(after.tensor("model.layers.0.mlp.up_proj.weight").dtype()).isEqualTo(DType.Q4_0);
    }
  }

  @Test
  void writingOverTheModelItselfIsRefused() {
    GgufWriter.write(
        gguf, GgufTest.llamaMetadata(), GgufTest.ggufTensors(DType.F16), Progress.NONE);
    try (Checkpoint checkpoint = Checkpoint.open(gguf)) {
      assertThatThrownBy(() -> Quantizer.quantize(checkpoint, gguf, QuantType.Q8_0, Progress.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is the model itself");
    }
  }

  @Test
  void aFailureLeavesNoFileBehind() throws IOException {
    OutputTensor failing =
        OutputTensor.of(
            "blk.0.attn_q.weight",
            DType.F32,
            (first, count, dst) -> {
              throw new IllegalStateException("the source is gone");
            },
            4,
            4);
    assertThatThrownBy(
            () -> GgufWriter.write(gguf, new GgufMetadata(), List.of(failing), Progress.NONE))
        .hasMessageContaining("the source is gone");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void llama3sStretchBecomesATensorAndARuleAgain() {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("rope_type", "llama3");
    rule.put("factor", 8.0);
    rule.put("low_freq_factor", 1.0);
    rule.put("high_freq_factor", 4.0);
    rule.put("original_max_position_embeddings", 8192);
    Map<String, Object> config = TinyModels.llamaConfig();
    config.put("rope_scaling", rule);
    config.put("rope_theta", 500000.0);
    TinyModels.write(hf, config, TinyModels.llama(DType.F32));
    quantize(hf, QuantType.F32);
    try (Checkpoint made = Checkpoint.open(gguf)) {
      Tensor divisors = made.tensor("model.rope_freqs.weight");
      assertThat(divisors.get(0)).isEqualTo(1);
      assertThat(divisors.get(7)).isEqualTo(8);
      SafetensorsExport.write(made, folder.resolve("back"), DType.F32, Progress.NONE);
    }
    try (Checkpoint back = Checkpoint.open(folder.resolve("back"))) {
      assertThat(back.config().values()).containsEntry("rope_scaling", rule);
      assertThat(back.has("model.rope_freqs.weight")).isFalse();
    }
  }

  @Test
  void theTokenizerBecomesMetadata() throws IOException {
    TinyModels.write(hf, TinyModels.llamaConfig(), TinyModels.llama(DType.F32));
    Files.writeString(
        hf.resolve("tokenizer.json"),
        """
        {"added_tokens": [{"id": 4, "content": "<s>", "special": true},
                          {"id": 5, "content": "<tool>", "special": false}],
         "pre_tokenizer": {"type": "ByteLevel", "use_regex": true},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3},
                   "merges": [["a", "b"]]}}\
        """);
    Files.writeString(
        hf.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<s>"}, "add_bos_token": true,
         "chat_template": [{"name": "default", "template": "D"},
                           {"name": "tool_use", "template": "T"}]}\
        """);
    quantize(hf, QuantType.F16);
    try (Checkpoint made = Checkpoint.open(gguf)) {
      Map<String, Object> metadata = made.metadata();
      assertThat(metadata)
          .containsEntry("tokenizer.ggml.model", "gpt2")
          .containsEntry("tokenizer.ggml.pre", "gpt-2")
          .containsEntry("tokenizer.ggml.merges", new String[] {"a b"})
          .containsEntry("tokenizer.ggml.bos_token_id", 4L)
          .containsEntry("tokenizer.ggml.add_bos_token", true)
          .containsEntry("tokenizer.chat_template", "D")
          .containsEntry("tokenizer.chat_template.tool_use", "T");
      assertThat((String[]) metadata.get("tokenizer.ggml.tokens"))
          .hasSize(96)
          .startsWith("a", "b", "c", "ab", "<s>", "<tool>", "[PAD6]");
      assertThat((long[]) metadata.get("tokenizer.ggml.token_type"))
          .startsWith(1, 1, 1, 1, 3, 4, 5);
    }
  }

  @Test
  void sentencePieceMergesBecomeScores() throws IOException {
    TinyModels.write(hf, TinyModels.llamaConfig(), TinyModels.llama(DType.F32));
    Files.writeString(
        hf.resolve("tokenizer.json"),
        """
        {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "_"}]},
         "model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>",
                   "vocab": {"<unk>": 0, "<0x0A>": 1, "a": 2, "b": 3, "ab": 4, "aab": 5},
                   "merges": ["a b", "a ab"]}}\
        """);
    quantize(hf, QuantType.F16);
    try (Checkpoint made = Checkpoint.open(gguf)) {
      Map<String, Object> metadata = made.metadata();
      assertThat(metadata)
          .containsEntry("tokenizer.ggml.model", "llama")
          .containsEntry("tokenizer.ggml.add_space_prefix", true)
          .containsEntry("tokenizer.ggml.unknown_token_id", 0L);
      assertThat((float[]) metadata.get("tokenizer.ggml.scores")).startsWith(0, 0, 0, 0, 0, -1);
      assertThat((long[]) metadata.get("tokenizer.ggml.token_type")).startsWith(2, 6, 1, 1, 1, 1);
    }
  }

  @Test
  void unknownQuantisationsListTheKnown() {
    assertThat(QuantType.of("q4_k_m")).isEqualTo(QuantType.Q4_K_M);
    assertThatThrownBy(() -> QuantType.of("q9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("known are f32, f16, bf16, q8_0");
  }

  private void quantize(Path from, QuantType type) {
    try (Checkpoint checkpoint = Checkpoint.open(from)) {
      Quantizer.quantize(checkpoint, gguf, type, Progress.NONE);
    }
  }

  private void assertSameTensors() {
    Path back = folder.resolve("back");
    try (Checkpoint made = Checkpoint.open(gguf)) {
      SafetensorsExport.write(made, back, DType.F32, Progress.NONE);
    }
    try (Checkpoint original = Checkpoint.open(hf);
        Checkpoint returned = Checkpoint.open(back)) {
      assertThat(returned.names()).containsExactlyInAnyOrderElementsOf(original.names());
      for (String name : original.names()) {
        assertThat(Dequant.toFloats(returned.tensor(name)))
            .as(name)
            .isEqualTo(Dequant.toFloats(original.tensor(name)));
      }
      assertThat(returned.config().ropeInterleave()).isEqualTo(original.config().ropeInterleave());
    }
  }
}
