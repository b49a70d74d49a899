package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void aFolderReadsBackNumberForNumber() {
    List<OutputTensor> tensors = TinyModels.deepSeek(DType.BF16);
    TinyModels.write(folder, TinyModels.deepSeekConfig(), tensors);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.config().values()).isEqualTo(TinyModels.deepSeekConfig());
      assertThat(checkpoint.names())
          .containsExactlyElementsOf(tensors.stream().map(OutputTensor::name).toList());
      assertThat(checkpoint.tensor("model.layers.1.mlp.experts.3.up_proj.weight").shape())
          .containsExactly(32, 64);
    }
  }

  @Test
  void largeModelsAreWrittenInPartsAndReadAsOne() {
    List<OutputTensor> tensors = TinyModels.llama(DType.F32);
    SafetensorsWriter.write(folder, TinyModels.llamaConfig(), tensors, 60_000, Progress.NONE);
    assertThat(folder.resolve("model.safetensors.index.json")).exists();
    List<Path> parts = SafetensorsFolder.withEnding(folder, ".safetensors");
    assertThat(parts.size()).isBetween(5, 9);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      for (OutputTensor tensor : tensors) {
        float[] expected = new float[tensor.columns()];
        tensor.rows().read(0, 1, expected);
        float[] found = new float[tensor.columns()];
        Dequant.decodeRow(checkpoint.tensor(tensor.name()), 0, found);
        assertThat(found).containsExactly(expected);
      }
    }
    try (Checkpoint part = Checkpoint.open(parts.get(1))) {
      assertThat(part.has("model.embed_tokens.weight")).isTrue();
    }
  }

  @Test
  void progressEndsAtTheTotal() {
    long[] last = new long[2];
    SafetensorsWriter.write(
        folder,
        TinyModels.llamaConfig(),
        TinyModels.llama(DType.F16),
        60_000,
        (done, total) -> {
          assertThat(done).isGreaterThanOrEqualTo(last[0]).isLessThanOrEqualTo(total);
          last[0] = done;
          last[1] = total;
        });
    assertThat(last[0]).isPositive().isEqualTo(last[1]);
  }

  @ParameterizedTest
  @CsvSource({"F32", "BF16", "F8_E8M0"})
  void fp8MatricesCarryTheirScales(DType scaleType) {
    OutputTensor weight = TinyModels.random("w.weight", DType.F8_E4M3, 200, 300);
    OutputTensor scale =
        OutputTensor.of(
            "w.weight_scale_inv",
            scaleType,
            (first, count, dst) -> {
              for (int i = 0; i < 3 * count; i++) {
                dst[i] = first * 3 + i < 3 ? 2 : 0.5f;
              }
            },
            2,
            3);
    TinyModels.write(folder, TinyModels.llamaConfig(), List.of(weight, scale));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("w.weight");
      Tensor tensor = checkpoint.tensor("w.weight");
      assertThat(tensor.blockScale()).isNotNull();
      float[] plain = new float[300];
      weight.rows().read(0, 1, plain);
      float[] row = new float[300];
      Dequant.decodeRow(tensor, 0, row);
      assertThat(row[7] / plain[7]).isBetween(1.8f, 2.2f);
      weight.rows().read(128, 1, plain);
      Dequant.decodeRow(tensor, 128, row);
      assertThat(row[299] / plain[299]).isBetween(0.45f, 0.55f);
    }
  }

  @Test
  void scalesOfTheWrongShapeAreRefused() {
    TinyModels.write(
        folder,
        TinyModels.llamaConfig(),
        List.of(
            TinyModels.random("w.weight", DType.F8_E4M3, 200, 300),
            TinyModels.random("w.weight_scale_inv", DType.F32, 2, 2)));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.tensor("w.weight"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("[2, 3] are expected");
    }
  }

  @Test
  void mixtralsNamesBecomeEveryonesNames() {
    TinyModels.write(
        folder,
        TinyModels.llamaConfig(),
        List.of(
            TinyModels.random(
                "model.layers.0.block_sparse_moe.experts.5.w2.weight", DType.F32, 4, 8)));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names())
          .containsExactly("model.layers.0.mlp.experts.5.down_proj.weight");
      assertThat(checkpoint.tensor("model.layers.0.mlp.experts.5.down_proj.weight").shape())
          .containsExactly(4, 8);
    }
  }

  @Test
  void quantisationsThatAreNotReadAreNamed() {
    Map<String, Object> config = TinyModels.llamaConfig();
    config.put("quantization_config", Map.of("quant_method", "gptq", "bits", 4));
    TinyModels.write(folder, config, TinyModels.llama(DType.F32));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(checkpoint::config)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("gptq");
    }
  }

  @Test
  void theFoldersOtherFilesAreItsMetadata() throws IOException {
    TinyModels.write(folder, TinyModels.llamaConfig(), TinyModels.llama(DType.F32));
    Files.writeString(folder.resolve("generation_config.json"), "{\"temperature\": 0.6}");
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ bos_token }}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.metadata())
          .containsEntry("generation_config", Map.of("temperature", 0.6))
          .containsEntry("chat_template", "{{ bos_token }}");
    }
  }

  @Test
  void anIndexCannotReachOutOfItsFolder() throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"../../etc/passwd\"}}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no file of the model's own folder");
  }

  @Test
  void missingPartsAreNamed() throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'model-00001-of-00002.safetensors'; download them");
  }

  @Test
  void foldersWithoutAModelSayWhatIsExpected() {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no safetensors file");
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none.gguf")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no model at");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'b': {'dtype': 'F32',"
            + " 'shape': [2], 'data_offsets': [4, 12]}} | overlap",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 12]}} | has 12 bytes, F32[2]"
            + " takes 8",
        "{'a': {'dtype': 'F32', 'shape': [4], 'data_offsets': [8, 24]}} | lies at bytes 8 to 24",
        "{'a': {'dtype': 'F32', 'shape': [-1], 'data_offsets': [0, 8]}} | has the dimension -1",
        "{'a': {'dtype': 'F32', 'shape': [2147483647, 2147483647, 9], 'data_offsets': [0, 8]}} |"
            + " larger than any file",
        "{'a': {'shape': [2], 'data_offsets': [0, 8]}} | has no dtype",
        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'a': 1} | no JSON object",
        "[1, 2] | no JSON object"
      })
  void brokenHeadersAreRefused(String header, String reason) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SafetensorsFile.read(file(json, json.length, 12), "x.safetensors"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void headersThatClaimTooMuchAreRefused() {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    for (long size : new long[] {-1, 0, 1000, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> SafetensorsFile.read(file(json, size, 0), "x.safetensors"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("the header says it takes");
    }
  }

  @Test
  void typesThatAreNotReadWaitUntilTheyAreAskedFor() {
    byte[] json =
        "{\"a\": {\"dtype\": \"I64\", \"shape\": [1], \"data_offsets\": [0, 8]}}"
            .getBytes(StandardCharsets.UTF_8);
    SafetensorsFile file = SafetensorsFile.read(file(json, json.length, 8), "x.safetensors");
    assertThat(file.tensors()).isEmpty();
    assertThat(file.others()).containsEntry("a", "I64");
  }

  private static MemorySegment file(byte[] json, long headerSize, int dataBytes) {
    GgufMetadata.Bytes bytes = new GgufMetadata.Bytes();
    bytes.i64(headerSize);
    bytes.writeBytes(json);
    bytes.writeBytes(new byte[dataBytes]);
    byte[] all = Arrays.copyOf(bytes.toByteArray(), bytes.size());
    return Arena.ofAuto().allocate(all.length).copyFrom(MemorySegment.ofArray(all));
  }
}
