package dev.hadal.backend.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.backend.KvCache;
import dev.hadal.backend.Samples;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A row attends to its past with the same numbers, to the last bit, however the prompt is cut and
 * whatever stands beside it.
 */
final class AttentionEqualityTest {
  private static final int TOKENS = 600; // three parts of the keys
  private static final int STREAMS = 9; // enough that keys are not split over the workers
  private static final int BLOCKS = KvCache.blocksFor(TOKENS);

  private Backend jit;
  private KvCache cache;

  @BeforeEach
  void open() {
    assumeTrue(new JitProvider().unavailable().isEmpty(), "machine code can run here");
    jit = new JitProvider().open(3);
  }

  @AfterEach
  void close() {
    if (jit != null) {
      jit.close();
    }
    if (cache != null) {
      cache.close();
    }
  }

  /** A kind of attention; rows {@code from} on of its tensors are each span's of the batch. */
  private interface Kind {
    void attend(Tensor out, int from, Batch batch);
  }

  @ParameterizedTest
  @CsvSource({"4, 1, 64, 0", "7, 2, 64, 0", "1, 3, 128, 0", "2, 1, 32, 70"})
  void promptInChunksAndAmongOthers(int group, int kvHeads, int headDim, int window) {
    Tensor q = Samples.activations(1, TOKENS, group * kvHeads, headDim);
    Tensor k = Samples.activations(2, TOKENS, kvHeads, headDim);
    Tensor v = Samples.activations(3, TOKENS, kvHeads, headDim);
    assertSame(
        new CacheSpec.Full(kvHeads, headDim),
        new int[] {group * kvHeads, headDim},
        new int[][] {{TOKENS}, {1, 63, 64, 172, 1, 250, 49}},
        (out, from, batch) ->
            jit.kernels()
                .attention(
                    out,
                    rows(q, from, batch),
                    rows(k, from, batch),
                    rows(v, from, batch),
                    0,
                    batch,
                    0.3f,
                    window));
  }

  @Test
  void latentsInChunksAndAmongOthers() {
    Tensor q = Samples.activations(1, TOKENS, 16, 48);
    Tensor c = Samples.activations(2, TOKENS, 64);
    Tensor rope = Samples.activations(3, TOKENS, 16);
    Tensor k = Samples.weights(DType.Q8_0, 4, 16, 64, 32);
    Tensor v = Samples.weights(DType.Q8_0, 5, 16, 32, 64);
    int[] chunks = new int[TOKENS / 15]; // longer ones are computed decompressed
    Arrays.fill(chunks, 15);
    int[] shorter = new int[TOKENS / 4];
    Arrays.fill(shorter, 4);
    assertSame(
        new CacheSpec.Latent(64, 16),
        new int[] {16, 32},
        new int[][] {chunks, shorter},
        (out, from, batch) ->
            jit.kernels()
                .latentAttention(
                    out,
                    rows(q, from, batch),
                    rows(c, from, batch),
                    rows(rope, from, batch),
                    k,
                    true,
                    v,
                    0,
                    batch,
                    0.1f));
  }

  /** As many rows as a span has, once for each span. */
  private static Tensor rows(Tensor all, int from, Batch batch) {
    int length = batch.spans().getFirst().length();
    Tensor rows = all.rows(from, from + length);
    int[] shape = rows.shape();
    shape[0] = batch.size();
    Tensor copies = Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
    for (long i = 0; i < copies.size(); i++) {
      copies.set(i, rows.get(i % rows.size()));
    }
    return copies;
  }

  private void assertSame(CacheSpec spec, int[] outShape, int[][] cuts, Kind kind) {
    cache = new KvCache(List.of(spec), cuts.length * BLOCKS);
    float[] first = inChunks(0, cuts[0], outShape, kind);
    for (int i = 1; i < cuts.length; i++) {
      assertThat(inChunks(i, cuts[i], outShape, kind)).isEqualTo(first);
    }
    Tensor together = Tensor.allocate(Arena.ofAuto(), DType.F32, STREAMS, outShape[0], outShape[1]);
    kind.attend(together, TOKENS - 1, batch(0, TOKENS - 1, 1, STREAMS));
    int width = outShape[0] * outShape[1];
    float[] last = Arrays.copyOfRange(first, first.length - width, first.length);
    for (int s = 0; s < STREAMS; s++) {
      assertThat(together.rows(s, s + 1).toFloats()).as("stream %d", s).isEqualTo(last);
    }
  }

  private float[] inChunks(int sequence, int[] lengths, int[] outShape, Kind kind) {
    Tensor out = Tensor.allocate(Arena.ofAuto(), DType.F32, TOKENS, outShape[0], outShape[1]);
    int from = 0;
    for (int length : lengths) {
      kind.attend(out.rows(from, from + length), from, batch(sequence, from, length, 1));
      from += length;
    }
    assertThat(from).isEqualTo(TOKENS);
    return out.toFloats();
  }

  private Batch batch(int sequence, int past, int length, int spans) {
    int[] table = IntStream.range(sequence * BLOCKS, (sequence + 1) * BLOCKS).toArray();
    IntStream.of(table).forEach(cache::reserve);
    List<Batch.Span> all = new ArrayList<>();
    for (int s = 0; s < spans; s++) {
      all.add(new Batch.Span(s * length, length, past, table));
    }
    int[] positions = new int[spans * length];
    Arrays.setAll(positions, i -> past + i % length);
    return new Batch(new int[spans * length], positions, all, new int[0], Optional.of(cache));
  }
}
