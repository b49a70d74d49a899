package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.format.GgufMetadata.Bytes;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GgufTest {
  private static final int MAGIC = 0x46554747;

  @TempDir Path folder;

  @Test
  void everyMetadataTypeIsRead() {
    Map<String, Object> metadata =
        GgufFile.read(
                file(
                    3,
                    13,
                    b -> {
                      entry(b, "u8", GgufType.U8).write(200);
                      entry(b, "i8", GgufType.I8).write(-3);
                      entry(b, "u32", GgufType.U32).i32(-1);
                      entry(b, "i32", GgufType.I32).i32(-7);
                      entry(b, "i64", GgufType.I64).i64(Long.MIN_VALUE);
                      entry(b, "f32", GgufType.F32).i32(Float.floatToIntBits(1.5f));
                      entry(b, "f64", GgufType.F64).i64(Double.doubleToLongBits(0.1));
                      entry(b, "flag", GgufType.BOOL).write(1);
                      entry(b, "text", GgufType.STRING).string("中文");
                      array(b, "texts", GgufType.STRING, 2);
                      b.string("a");
                      b.string("");
                      array(b, "floats", GgufType.F32, 1).i32(Float.floatToIntBits(2));
                      array(b, "longs", GgufType.I32, 2).i32(-5);
                      b.i32(6);
                      array(b, "nested", GgufType.ARRAY, 1).i32(GgufType.BOOL);
                      b.i64(2);
                      b.write(0);
                      b.write(1);
                    }),
                "x.gguf")
            .metadata();
    assertThat(metadata)
        .containsEntry("u8", 200L)
        .containsEntry("i8", -3L)
        .containsEntry("u32", 4294967295L)
        .containsEntry("i32", -7L)
        .containsEntry("i64", Long.MIN_VALUE)
        .containsEntry("f32", 1.5)
        .containsEntry("f64", 0.1)
        .containsEntry("flag", true)
        .containsEntry("text", "中文")
        .containsEntry("texts", new String[] {"a", ""})
        .containsEntry("floats", new float[] {2})
        .containsEntry("longs", new long[] {-5, 6});
    assertThat((Object[]) metadata.get("nested")).containsExactly(new boolean[] {false, true});
  }

  @Test
  void versionTwoIsReadAsVersionThree() {
    assertThat(
            GgufFile.read(file(2, 1, b -> entry(b, "k", GgufType.STRING).string("v")), "x.gguf")
                .metadata())
        .containsEntry("k", "v");
  }

  @Test
  void otherVersionsAndByteOrdersAreNamed() {
    assertBroken(file(1, 0, b -> {}), "version 1 is not read");
    assertBroken(file(3 << 24, 0, b -> {}), "big-endian");
  }

  @Test
  void countsAreCheckedAgainstTheFilesSizeBeforeAnythingIsAllocated() {
    assertBroken(file(3, 1L << 60, b -> {}), "the number of metadata entries says");
    assertBroken(
        file(3, 1, b -> array(b, "tokenizer.ggml.tokens", GgufType.STRING, 9_007_199_254_740_993L)),
        "metadata 'tokenizer.ggml.tokens' says 9007199254740993");
    assertBroken(
        file(
            3,
            1,
            b -> {
              b.i64(1L << 40);
              b.i64(0);
            }),
        "the length of a metadata key says 1099511627776");
  }

  @Test
  void arraysInArraysEndSomewhere() {
    assertBroken(
        file(
            3,
            1,
            b -> {
              array(b, "deep", GgufType.ARRAY, 1);
              for (int i = 0; i < 30; i++) {
                b.i32(GgufType.ARRAY);
                b.i64(1);
              }
            }),
        "nests arrays deeper");
  }

  @Test
  void whatStandsTwiceIsRefused() {
    assertBroken(
        file(
            3,
            2,
            b -> {
              entry(b, "k", GgufType.BOOL).write(1);
              entry(b, "k", GgufType.BOOL).write(1);
            }),
        "'k' stands twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 48, 1 << 30})
  void alignmentsThatAreNoPowersOfTwoAreRefused(int alignment) {
    assertBroken(
        file(3, 1, b -> entry(b, "general.alignment", GgufType.U32).i32(alignment)),
        "a power of two is expected");
  }

  @Test
  void storageTypesThatAreNotReadAreNamed() {
    assertBroken(
        tensorFile(b -> b.i32(16)), "is stored as IQ2_XXS, which is not read; get the model as");
  }

  @Test
  void tensorsBeyondTheFilesEndAreRefused() {
    assertBroken(tensorFile(b -> b.i32(0)), "it is cut, download it again");
  }

  @Test
  void modelsRoundTripThroughTheWriter() {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, llamaMetadata(), ggufTensors(DType.Q8_0), Progress.NONE);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      Config config = checkpoint.config();
      assertThat(config.modelType()).isEqualTo("llama");
      assertThat(config.vocabSize()).isEqualTo(96);
      assertThat(config.numKeyValueHeads()).isEqualTo(2);
      assertThat(config.headDim()).isEqualTo(16);
      assertThat(config.tieWordEmbeddings()).isTrue();
      assertThat(config.ropeInterleave()).isTrue();
      Tensor q = checkpoint.tensor("model.layers.1.self_attn.q_proj.weight");
      assertThat(q.dtype()).isEqualTo(DType.Q8_0);
      float[] expected = new float[64];
      TinyModels.random("blk.1.attn_q.weight", DType.F32, 64, 64).rows().read(5, 1, expected);
      float[] found = new float[64];
      Dequant.decodeRow(q, 5, found);
      for (int i = 0; i < 64; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(0.02f));
      }
    }
  }

  @Test
  void aMissingTensorNamesThoseNearIt() {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, llamaMetadata(), ggufTensors(DType.F16), Progress.NONE);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThatThrownBy(() -> checkpoint.tensor("model.layers.1.self_attn.q_pro.weight"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("near it are 'model.layers.1.self_attn.q_proj.weight'");
    }
  }

  @Test
  void afterClosingATensorIsAClearError() {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, llamaMetadata(), ggufTensors(DType.F32), Progress.NONE);
    Checkpoint checkpoint = Checkpoint.open(file);
    Tensor norm = checkpoint.tensor("model.norm.weight");
    checkpoint.close();
    checkpoint.close();
    assertThatThrownBy(() -> norm.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void splitFilesReadAsOne() {
    List<Path> parts = writeSplit();
    for (Path part : parts) {
      try (Checkpoint checkpoint = Checkpoint.open(part)) {
        assertThat(checkpoint.names()).hasSize(20).contains("model.norm.weight");
        assertThat(checkpoint.config().numHiddenLayers()).isEqualTo(2);
      }
    }
  }

  @Test
  void splitFilesThatDoNotBelongTogetherAreRefused() throws IOException {
    List<Path> parts = writeSplit();
    Files.copy(parts.get(0), parts.get(1), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> Checkpoint.open(parts.get(0)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("split.no is 0, the name says part 1");
    Files.delete(parts.get(1));
    assertThatThrownBy(() -> Checkpoint.open(parts.get(0)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("m-00002-of-00002.gguf' is not beside it; download all parts");
  }

  @Test
  void aFileWrittenToWhileInUseIsNoticed() throws IOException {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, llamaMetadata(), ggufTensors(DType.F32), Progress.NONE);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      checkpoint.requireUnchanged();
      Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
      assertThatThrownBy(checkpoint::requireUnchanged)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("written to while it is in use");
    }
  }

  @Test
  void aFileReplacedWhileInUseKeepsItsNumbers() {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, llamaMetadata(), ggufTensors(DType.F32), Progress.NONE);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      float before = checkpoint.tensor("model.norm.weight").get(0);
      GgufWriter.write(file, llamaMetadata(), List.of(), Progress.NONE);
      checkpoint.requireUnchanged();
      assertThat(checkpoint.tensor("model.norm.weight").get(0)).isEqualTo(before);
    }
  }

  private List<Path> writeSplit() {
    List<OutputTensor> all = ggufTensors(DType.F16);
    List<Path> parts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Path part = folder.resolve("m-0000%d-of-00002.gguf".formatted(i + 1));
      GgufMetadata metadata = i == 0 ? llamaMetadata() : new GgufMetadata();
      metadata.put("split.no", i).put("split.count", 2).put("split.tensors.count", all.size());
      List<OutputTensor> half = i == 0 ? all.subList(0, 7) : all.subList(7, all.size());
      GgufWriter.write(part, metadata, half, Progress.NONE);
      parts.add(part);
    }
    return parts;
  }

  static GgufMetadata llamaMetadata() {
    return new GgufMetadata()
        .put("general.architecture", "llama")
        .put("llama.embedding_length", 64)
        .put("llama.block_count", 2)
        .put("llama.feed_forward_length", 96)
        .put("llama.attention.head_count", 4)
        .put("llama.attention.head_count_kv", 2)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5)
        .put("llama.context_length", 128)
        .put("llama.rope.freq_base", 10000.0)
        .put("tokenizer.ggml.tokens", List.of("a", "b"))
        .put("tokenizer.ggml.scores", new float[] {0, -1})
        .put("tokenizer.ggml.token_type", new int[] {1, 1});
  }

  static List<OutputTensor> ggufTensors(DType type) {
    List<OutputTensor> tensors = new ArrayList<>();
    for (OutputTensor tensor : TinyModels.llama(type)) {
      tensors.add(
          TinyModels.random(
              GgufNames.toGguf(tensor.name()).orElseThrow(), tensor.type(), tensor.shape()));
    }
    return tensors;
  }

  private static void assertBroken(MemorySegment bytes, String reason) {
    assertThatThrownBy(() -> GgufFile.read(bytes, "x.gguf"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("x.gguf")
        .hasMessageContaining(reason);
  }

  private static MemorySegment tensorFile(Consumer<Bytes> type) {
    Bytes bytes = new Bytes(MAGIC);
    bytes.i32(3);
    bytes.i64(1);
    bytes.i64(0);
    bytes.string("blk.0.attn_q.weight");
    bytes.i32(2);
    bytes.i64(256);
    bytes.i64(256);
    type.accept(bytes);
    bytes.i64(0);
    return segment(bytes);
  }

  private static MemorySegment file(int version, long entries, Consumer<Bytes> metadata) {
    Bytes bytes = new Bytes(MAGIC);
    bytes.i32(version);
    bytes.i64(0);
    bytes.i64(entries);
    metadata.accept(bytes);
    return segment(bytes);
  }

  private static MemorySegment segment(Bytes bytes) {
    return Arena.ofAuto()
        .allocate(bytes.size())
        .copyFrom(MemorySegment.ofArray(bytes.toByteArray()));
  }

  private static Bytes entry(Bytes bytes, String key, int type) {
    bytes.string(key);
    bytes.i32(type);
    return bytes;
  }

  private static Bytes array(Bytes bytes, String key, int type, long count) {
    entry(bytes, key, GgufType.ARRAY).i32(type);
    bytes.i64(count);
    return bytes;
  }
}
