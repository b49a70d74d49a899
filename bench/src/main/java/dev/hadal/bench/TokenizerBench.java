package dev.hadal.bench;

import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many megabytes of mixed English and Chinese one core encodes and decodes in a second: the
 * counter {@code megabytes}. The text is a megabyte of books, novels and sentences each from the
 * conformance kit's {@code data/pretrain}, at {@code ../shared} or {@code -Dhadal.conformance=DIR};
 * every call takes the next eighth of it, so that the words are not always the ones just seen.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TokenizerBench {
  private static final int PARTS = 8;
  private static final int CHARACTERS = 1_000_000;

  @Param({"deepseek-v3", "qwen3", "llama-3"})
  public String vocabulary = "";

  private Tokenizer tokenizer;
  private final String[] texts = new String[PARTS];
  private final int[][] ids = new int[PARTS][];
  private int next;

  /** Bytes of UTF-8 that went through. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Volume {
    public double megabytes;

    @Setup(Level.Iteration)
    public void reset() {
      megabytes = 0;
    }
  }

  @Setup
  public void open() throws IOException {
    Path kit = Path.of(System.getProperty("hadal.conformance", "../shared"));
    tokenizer = Tokenizers.fromJson(kit.resolve("tokenizers/" + vocabulary + "/tokenizer.json.gz"));
    String text = text(kit);
    for (int i = 0; i < PARTS; i++) {
      // Interleaved, so that every part has all languages.
      StringBuilder part = new StringBuilder();
      int slice = text.length() / (PARTS * 16);
      for (int s = i; s < PARTS * 16; s += PARTS) {
        part.append(text, s * slice, (s + 1) * slice);
      }
      texts[i] = part.toString();
      ids[i] = tokenizer.encode(texts[i]);
    }
  }

  @Benchmark
  public int[] encode(Volume volume) {
    next = (next + 1) % PARTS;
    String text = texts[next];
    volume.megabytes += utf8Megabytes(text);
    return tokenizer.encode(text);
  }

  @Benchmark
  public String decode(Volume volume) {
    next = (next + 1) % PARTS;
    volume.megabytes += utf8Megabytes(texts[next]);
    return tokenizer.decode(ids[next]);
  }

  private static double utf8Megabytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length / 1e6;
  }

  private static String text(Path kit) throws IOException {
    StringBuilder text = new StringBuilder();
    JsonMapper mapper = JsonMapper.builder().build();
    for (String name : List.of("en-books", "zh-novels", "en-sentences", "zh-sentences")) {
      try (InputStream in =
              Files.newInputStream(kit.resolve("data/pretrain/" + name + ".jsonl.gz"));
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
        int end = text.length() + CHARACTERS;
        for (String line = lines.readLine();
            line != null && text.length() < end;
            line = lines.readLine()) {
          text.append(mapper.readTree(line).path("text").asString()).append('\n');
        }
        text.setLength(Math.min(text.length(), end));
      }
    }
    return text.toString();
  }
}
