package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files, written by llama.cpp's tools. */
@Tag("conformance")
final class CheckpointKitTest {

  static Stream<Path> dequantisedRows() throws IOException {
    try (Stream<Path> files = Files.list(Conformance.file("vectors/quants"))) {
      return files.filter(f -> f.toString().endsWith(".dequant.json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("dequantisedRows")
  void everyQuantisationReadsAsTheReferenceReadsIt(Path json) {
    Map<String, Object> expected = Json.read(json);
    Path gguf = json.resolveSibling(Json.fileName(json).replace(".dequant.json", ".gguf"));
    try (Checkpoint checkpoint = Checkpoint.open(gguf)) {
      Tensor gate = checkpoint.tensor("model.layers.0.mlp.gate_proj.weight");
      assertThat(gate.dtype().name()).isEqualTo(expected.get("type"));
      assertThat(gate.shape()).containsExactly(512, 256);
      for (int row : new int[] {0, 511}) {
        float[] values = new float[256];
        Dequant.decodeRow(gate, row, values);
        assertThat(values).containsExactly(floats(expected.get("row" + row)));
      }
    }
  }

  static Stream<Path> models() throws IOException {
    Path kit = Conformance.kit();
    try (Stream<Path> logits = Files.list(kit.resolve("vectors/logits"));
        Stream<Path> models = Files.list(kit.resolve("models"))) {
      return Stream.concat(logits, models)
          .filter(f -> f.toString().endsWith(".gguf"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyTensorOfEveryModelGetsAHuggingFaceName(Path gguf) {
    try (Checkpoint checkpoint = Checkpoint.open(gguf)) {
      assertThat(checkpoint.names())
          .isNotEmpty()
          .allMatch(n -> n.startsWith("model.") || n.equals("lm_head.weight"));
      Config config = checkpoint.config();
      Tensor embedding = checkpoint.tensor("model.embed_tokens.weight");
      assertThat(embedding.shape()).containsExactly(config.vocabSize(), config.hiddenSize());
      assertThat(checkpoint.totalBytes()).isGreaterThan(1 << 20);
    }
  }

  @Test
  void deepSeekConfigurationsComeOutAsHuggingFaceWritesThem() {
    Path logits = Conformance.file("vectors/logits");
    for (String name : List.of("deepseek2-lite.gguf", "deepseek2-lite-kvb.gguf")) {
      try (Checkpoint checkpoint = Checkpoint.open(logits.resolve(name))) {
        Config config = checkpoint.config();
        assertThat(config.modelType()).isEqualTo("deepseek_v2");
        assertThat(config.qLoraRank()).isZero();
        assertThat(config.kvLoraRank()).isEqualTo(32);
        assertThat(config.qkNopeHeadDim()).isEqualTo(32);
        assertThat(config.qkRopeHeadDim()).isEqualTo(16);
        assertThat(config.vHeadDim()).isEqualTo(32);
        assertThat(config.numKeyValueHeads()).isEqualTo(2);
        assertThat(config.firstKDenseReplace()).isEqualTo(1);
        assertThat(config.topkMethod()).isEqualTo("greedy");
        assertThat(config.scoringFunc()).isEqualTo("softmax");
        assertThat(config.ropeInterleave()).isTrue();
        assertThat(config.ropeScaling())
            .hasValueSatisfying(s -> {
              assertThat(s.type()).isEqualTo("yarn");
              assertThat(s.factor()).isEqualTo(40);
              assertThat(s.originalMaxPositionEmbeddings()).isEqualTo(4096);
              assertThat(s.mscaleAllDim()).isEqualTo(0.707);
            });
      }
    }
    try (Checkpoint checkpoint = Checkpoint.open(logits.resolve("deepseek3.gguf"))) {
      Config config = checkpoint.config();
      assertThat(config.modelType()).isEqualTo("deepseek_v3");
      assertThat(config.qLoraRank()).isEqualTo(96);
      assertThat(config.topkMethod()).isEqualTo("noaux_tc");
      assertThat(config.nGroup()).isEqualTo(4);
      assertThat(config.topkGroup()).isEqualTo(2);
      assertThat(config.normTopkProb()).isTrue();
      assertThat(config.routedScalingFactor()).isEqualTo(2.5);
      assertThat(config.ropeScaling().orElseThrow().mscale()).isEqualTo(1);
      assertThat(checkpoint.tensor("model.layers.1.self_attn.k_b_proj.weight").shape())
          .containsExactly(4, 64, 32);
      assertThat(checkpoint.tensor("model.layers.1.mlp.experts.7.down_proj.weight").shape())
          .containsExactly(128, 64);
    }
  }

  @Test
  void qwenMixturesComeOutAsHuggingFaceWritesThem() {
    Path logits = Conformance.file("vectors/logits");
    try (Checkpoint checkpoint = Checkpoint.open(logits.resolve("qwen2moe.gguf"))) {
      Config config = checkpoint.config();
      assertThat(config.modelType()).isEqualTo("qwen2_moe");
      assertThat(config.moeIntermediateSize()).isEqualTo(64);
      assertThat(config.sharedExpertIntermediateSize()).isEqualTo(128);
      assertThat(config.normTopkProb()).isFalse();
      assertThat(config.ropeInterleave()).isFalse();
      assertThat(checkpoint.tensor("model.layers.0.mlp.shared_expert_gate.weight").shape())
          .containsExactly(1, 128);
    }
    try (Checkpoint checkpoint = Checkpoint.open(logits.resolve("qwen3moe.gguf"))) {
      assertThat(checkpoint.config().headDim()).isEqualTo(64);
      assertThat(checkpoint.config().normTopkProb()).isTrue();
    }
  }

  @Test
  void vocabulariesAloneOpenToo() throws IOException {
    try (Stream<Path> files = Files.list(Conformance.file("tokenizers/gguf"))) {
      for (Path file : files.sorted().toList()) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
          assertThat(checkpoint.names()).isEmpty();
          assertThat(checkpoint.metadata().get("tokenizer.ggml.tokens"))
              .isInstanceOf(String[].class);
        }
      }
    }
  }

  private static float[] floats(Object list) {
    List<?> values = (List<?>) list;
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = ((Number) values.get(i)).floatValue();
    }
    return floats;
  }
}
