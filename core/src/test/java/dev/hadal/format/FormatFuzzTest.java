package dev.hadal.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged file is a {@link FormatException} or reads fine: nothing else, never, and in memory of
 * the file's own size. Seeded; {@code -Dhadal.fuzz.cases=N} asks for more cases.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class FormatFuzzTest {
  private static final int CASES = Integer.getInteger("hadal.fuzz.cases", 20_000);

  /** What a file of nothing but tiny entries may cost on the heap, for each of its bytes. */
  private static final long HEAP_PER_BYTE = 64;

  private static final List<Method> ACCESSORS =
      Stream.of(Config.class.getDeclaredMethods())
          .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getParameterCount() == 0)
          .toList();

  @TempDir Path folder;

  private int refused;
  private int read;

  @Test
  void damagedGgufFilesAreRefusedOrRead() throws IOException {
    Path llama = folder.resolve("llama.gguf");
    GgufWriter.write(
        llama, GgufTest.llamaMetadata(), GgufTest.ggufTensors(DType.Q8_0), Progress.NONE);
    Path deepSeek = folder.resolve("deepseek.gguf");
    Path hf =
        TinyModels.write(
            folder.resolve("hf"), TinyModels.deepSeekConfig(), TinyModels.deepSeek(DType.F32));
    try (Checkpoint checkpoint = Checkpoint.open(hf)) {
      Quantizer.quantize(checkpoint, deepSeek, QuantType.Q4_0, Progress.NONE);
    }
    fuzzGguf(llama, 1, CASES / 4);
    fuzzGguf(deepSeek, 2, CASES / 4);
    assertBothHappened();
  }

  @Test
  void damagedSafetensorsFilesAreRefusedOrRead() throws IOException {
    Path hf =
        TinyModels.write(folder, TinyModels.deepSeekConfig(), TinyModels.deepSeek(DType.BF16));
    fuzzSafetensors(hf.resolve("model.safetensors"), 3, CASES / 4);
    assertBothHappened();
  }

  @Test
  void damagedConfigurationsAreRefusedOrRead() {
    byte[] json =
        new String(Json.prettyBytes(TinyModels.deepSeekConfig()), StandardCharsets.UTF_8)
            .replaceFirst("\\{", "{\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 40},")
            .getBytes(StandardCharsets.UTF_8);
    Mutations mutations = new Mutations(json, json.length, 4);
    for (int i = 0; i < CASES / 4; i++) {
      mutations.next(damaged ->
          run(
              damaged.byteSize(),
              () -> {
                byte[] text = damaged.toArray(ValueLayout.JAVA_BYTE);
                askEverything(Config.of(Json.parse(text, "config.json", 0), "config.json"));
              }));
    }
    assertBothHappened();
  }

  @Test
  @Tag("conformance")
  void damagedRealFilesAreRefusedOrRead() throws IOException {
    fuzzGguf(Conformance.file("models/stories260k.gguf"), 5, CASES / 5);
    fuzzGguf(Conformance.file("vectors/logits/deepseek3.gguf"), 6, CASES / 5);
    fuzzGguf(Conformance.file("vectors/logits/qwen2moe.gguf"), 7, CASES / 5);
    fuzzGguf(Conformance.file("vectors/quants/llama-256.Q4_K_M.gguf"), 8, CASES / 5);
    try (Checkpoint real = Checkpoint.open(Conformance.file("vectors/logits/qwen3moe.gguf"))) {
      SafetensorsExport.write(real, folder, DType.BF16, Progress.NONE);
    }
    fuzzSafetensors(folder.resolve("model.safetensors"), 9, CASES / 5);
    assertBothHappened();
  }

  private void fuzzGguf(Path file, long seed, int cases) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    GgufFile whole = GgufFile.read(Mutations.memory(bytes), "whole.gguf");
    long data = whole.tensors().values().stream().mapToLong(t -> t.data().byteSize()).sum();
    Mutations mutations = new Mutations(bytes, bytes.length - data, seed);
    for (int i = 0; i < cases; i++) {
      boolean all = i % 4 == 0; // most answers are errors, and errors are what takes the time
      mutations.next(damaged -> run(damaged.byteSize(), () -> readGguf(damaged, all)));
    }
  }

  private static void readGguf(MemorySegment bytes, boolean all) {
    GgufFile file = GgufFile.read(bytes, "x.gguf");
    GgufFiles files =
        new GgufFiles(Path.of("x.gguf"), file.metadata(), List.of(file), bytes.byteSize());
    try (GgufCheckpoint checkpoint = GgufCheckpoint.of(files)) {
      if (all) {
        askEverything(checkpoint.config());
      }
      checkpoint.names().forEach(name -> touch(checkpoint.tensor(name)));
    }
  }

  private void fuzzSafetensors(Path file, long seed, int cases) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = 8 + Mutations.memory(bytes).get(GgufCursor.LONG, 0);
    Mutations mutations = new Mutations(bytes, header, seed);
    for (int i = 0; i < cases; i++) {
      mutations.next(damaged ->
          run(
              damaged.byteSize(),
              () ->
                  SafetensorsFile.read(damaged, "x.safetensors")
                      .tensors()
                      .values()
                      .forEach(FormatFuzzTest::touch)));
    }
  }

  private void run(long fileSize, Runnable reading) {
    long most = HEAP_PER_BYTE * fileSize + (1 << 20);
    long used = heapUsedBy(reading);
    if (used > most) {
      used = heapUsedBy(reading); // the first time may have loaded classes, the second has not
    }
    if (used > most) {
      throw new AssertionError(used + " bytes of heap for a file of " + fileSize);
    }
  }

  private long heapUsedBy(Runnable reading) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reading.run();
      read++;
    } catch (FormatException e) {
      refused++;
      assertThat(e.file()).isNotEmpty();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Every accessor answers or says which key is wrong. */
  private static void askEverything(Config config) {
    for (Method accessor : ACCESSORS) {
      try {
        accessor.invoke(config);
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof FormatException)) {
          throw new AssertionError(accessor.getName() + " of " + config, e.getCause());
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void touch(Tensor tensor) {
    long size = tensor.data().byteSize();
    if (size > 0) {
      int sum = tensor.data().get(ValueLayout.JAVA_BYTE, 0);
      sum += tensor.data().get(ValueLayout.JAVA_BYTE, size - 1);
      assertThat(sum).isBetween(-256, 256);
    }
  }

  private void assertBothHappened() {
    assertThat(refused).isGreaterThan(CASES / 20);
    assertThat(read).isGreaterThan(CASES / 100);
  }
}
