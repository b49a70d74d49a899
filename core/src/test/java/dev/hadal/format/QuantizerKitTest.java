package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import dev.hadal.tensor.quant.Quants;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write beside what llama.cpp wrote from the same model. */
@Tag("conformance")
final class QuantizerKitTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "Q8_0, Q8_0", "Q6_K, Q6_K", "Q5_K_M, Q5_K", "Q4_K_M, Q4_K", "Q5_1, Q5_1", "Q5_0, Q5_0",
    "Q4_1, Q4_1", "Q4_0, Q4_0", "IQ4_NL, IQ4_NL", "IQ4_XS, IQ4_XS", "Q3_K_M, Q3_K", "Q2_K, Q2_K",
    "F16, F16", "BF16, BF16"
  })
  void noTensorLosesMoreThanInLlamaCpp(String file, DType type) {
    Path quants = Conformance.file("vectors/quants");
    try (Checkpoint original = Checkpoint.open(quants.resolve("llama-256.gguf"));
        Checkpoint theirs = Checkpoint.open(quants.resolve("llama-256." + file + ".gguf"))) {
      for (String name : original.names()) {
        Tensor plain = original.tensor(name);
        if (theirs.tensor(name).dtype() == type) {
          double reference = error(plain, Dequant.toFloats(theirs.tensor(name)));
          double ours = error(plain, roundTrip(plain, type));
          assertThat(ours).as("%s as %s", name, type).isLessThanOrEqualTo(1.02 * reference);
        }
      }
    }
  }

  @Test
  void mixesAreChosenAsLlamaCppChoosesThem() {
    QuantMix mix = new QuantMix(QuantType.Q4_K_M, 32, 0, false, false);
    assertThat(mix.typeOf(matrix("output.weight", 4096))).isEqualTo(DType.Q6_K);
    assertThat(mix.typeOf(matrix("token_embd.weight", 4096))).isEqualTo(DType.Q4_K);
    assertThat(mix.typeOf(matrix("blk.0.attn_v.weight", 4096))).isEqualTo(DType.Q6_K);
    assertThat(mix.typeOf(matrix("blk.4.attn_v.weight", 4096))).isEqualTo(DType.Q4_K);
    assertThat(mix.typeOf(matrix("blk.6.ffn_down.weight", 4096))).isEqualTo(DType.Q6_K);
    assertThat(mix.typeOf(matrix("blk.31.ffn_down.weight", 4096))).isEqualTo(DType.Q6_K);
    assertThat(mix.typeOf(matrix("blk.0.ffn_gate_inp.weight", 4096))).isEqualTo(DType.F32);
    assertThat(mix.typeOf(matrix("blk.5.ffn_up.weight", 4128))).isEqualTo(DType.Q5_0);
    assertThat(mix.typeOf(matrix("blk.5.ffn_up.weight", 100))).isEqualTo(DType.F16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama", "qwen2", "qwen3", "qwen2moe", "qwen3moe", "deepseek2-lite", "deepseek3"})
  void aModelComesBackFromSafetensorsNumberForNumber(String model) {
    Path gguf = Conformance.file("vectors/logits/" + model + ".gguf");
    try (Checkpoint original = Checkpoint.open(gguf)) {
      SafetensorsExport.write(original, folder.resolve("hf"), DType.F32, Progress.NONE);
      try (Checkpoint hf = Checkpoint.open(folder.resolve("hf"))) {
        Quantizer.quantize(hf, folder.resolve("back.gguf"), QuantType.F32, Progress.NONE);
      }
      try (Checkpoint back = Checkpoint.open(folder.resolve("back.gguf"))) {
        assertThat(back.names()).containsExactlyInAnyOrderElementsOf(original.names());
        for (String name : original.names()) {
          assertThat(back.tensor(name).shape())
              .as(name)
              .containsExactly(original.tensor(name).shape());
          assertThat(
                  Arrays.mismatch(
                      Dequant.toFloats(back.tensor(name)), Dequant.toFloats(original.tensor(name))))
              .as(name)
              .isEqualTo(-1);
        }
        assertThat(back.config().values()).containsAllEntriesOf(original.config().values());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"deepseek-v3, deepseek-v3", "qwen3, qwen2", "llama-3, llama-bpe"})
  void preTokenizersOfRealVocabulariesHaveTheirNames(String vocabulary, String name)
      throws IOException {
    Path file = Conformance.file("tokenizers/" + vocabulary + "/tokenizer.json.gz");
    try (InputStream json = new GZIPInputStream(Files.newInputStream(file))) {
      Map<String, Object> parsed = Json.parse(json.readAllBytes(), "tokenizer.json", 0);
      assertThat(PreTokenizerNames.of(parsed, "tokenizer.json")).isEqualTo(name);
    }
  }

  private static GgufSource.Entry matrix(String name, int columns) {
    return GgufSource.Entry.of(name, (first, count, dst) -> {}, 512, columns);
  }

  private static float[] roundTrip(Tensor plain, DType type) {
    float[] values = Dequant.toFloats(plain);
    Tensor written = Tensor.allocate(Arena.ofAuto(), type, plain.shape());
    Quants.encode(type, values, 0, values.length, written.data(), 0);
    return Dequant.toFloats(written);
  }

  private static double error(Tensor plain, float[] values) {
    float[] exact = Dequant.toFloats(plain);
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      sum += Math.pow((double) exact[i] - values[i], 2);
    }
    return Math.sqrt(sum / exact.length);
  }
}
