package dev.hadal.bench;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.backend.KvCache;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Attention of 32 query heads over 8 key/value heads of 64: decoding behind a past, and a whole
 * prompt.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class AttentionBench {
  private static final int HEADS = 32;
  private static final int KV_HEADS = 8;
  private static final int HEAD_DIM = 64;
  private static final float SCALE = 0.125f;

  @Param({"256", "1024", "4096"})
  public int length;

  @Param({"simd", "jit"})
  public String backend;

  private Arena arena;
  private Backend opened;
  private KvCache cache;
  private Batch decode;
  private Batch prompt;
  private Tensor q;
  private Tensor k;
  private Tensor v;
  private Tensor out;

  @Setup
  public void open() {
    arena = Arena.ofShared();
    opened = Backends.named(backend);
    int blocks = KvCache.blocksFor(length + 1);
    cache = new KvCache(List.of(new CacheSpec.Full(KV_HEADS, HEAD_DIM)), blocks);
    int[] table = IntStream.range(0, blocks).toArray();
    for (int block : table) {
      cache.reserve(block);
    }
    q = RandomWeights.activations(arena, length, HEADS, HEAD_DIM);
    k = RandomWeights.activations(arena, length, KV_HEADS, HEAD_DIM);
    v = RandomWeights.activations(arena, length, KV_HEADS, HEAD_DIM);
    out = Tensor.allocate(arena, DType.F32, length, HEADS, HEAD_DIM);
    prompt = batch(0, length, table);
    decode = batch(length, 1, table);
    prompt();
  }

  private Batch batch(int past, int tokens, int[] table) {
    int[] positions = IntStream.range(past, past + tokens).toArray();
    return new Batch(
        new int[tokens],
        positions,
        List.of(new Batch.Span(0, tokens, past, table)),
        new int[0],
        Optional.of(cache));
  }

  @TearDown
  public void close() {
    opened.close();
    cache.close();
    arena.close();
  }

  @Benchmark
  public float decode() {
    opened
        .kernels()
        .attention(out.rows(0, 1), q.rows(0, 1), k.rows(0, 1), v.rows(0, 1), 0, decode, SCALE, 0);
    return out.get(0);
  }

  @Benchmark
  public float prompt() {
    opened.kernels().attention(out, q, k, v, 0, prompt, SCALE, 0);
    return out.get(0);
  }
}
