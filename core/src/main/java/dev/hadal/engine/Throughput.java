package dev.hadal.engine;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Batch;
import dev.hadal.backend.KvCache;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How long a model takes for tokens of no meaning: many of one text at a time (prefill), or one of
 * each of several texts (decode), behind a context of a given depth. What llama-bench measures as
 * pp, tg and their depth. Owned by one thread.
 */
public final class Throughput implements AutoCloseable {
  private static final int CHUNK = 512;
  private static final int TOKENS = 256; // every vocabulary has so many

  private final Model model;
  private final KvCache cache;
  private final Scratch scratch = new Scratch();
  private final Ops ops;
  private final List<int[]> blockTables = new ArrayList<>();
  private final int vocabSize;

  /**
   * @param contextTokens the most that depth and measured tokens come to
   * @param streams texts that are decoded together
   */
  public Throughput(Model model, Backend backend, int vocabSize, int contextTokens, int streams) {
    int blocks = KvCache.blocksFor(contextTokens);
    this.model = model;
    this.vocabSize = Math.min(vocabSize, TOKENS);
    this.cache = new KvCache(model.cacheSpec(), blocks * streams);
    this.ops = new Ops(backend.kernels(), scratch);
    for (int s = 0; s < streams; s++) {
      int[] table = IntStream.range(s * blocks, (s + 1) * blocks).toArray();
      for (int block : table) {
        cache.reserve(block);
      }
      blockTables.add(table);
    }
  }

  /** Gives every stream a context of {@code depth} tokens. */
  public void fill(int depth) {
    for (int stream = 0; stream < blockTables.size(); stream++) {
      pass(stream, 0, depth);
    }
  }

  /** Seconds for the {@code tokens} tokens after {@code depth}, of one stream. */
  public double prefillSeconds(int depth, int tokens) {
    long start = System.nanoTime();
    pass(0, depth, tokens);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Seconds for {@code steps} steps after {@code depth}, each with one token of every stream. */
  public double decodeSeconds(int depth, int steps) {
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      forward(step(depth + i));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Off-heap bytes of cache and activations. */
  public long totalBytes() {
    return cache.totalBytes() + scratch.totalBytes();
  }

  private void pass(int stream, int from, int tokens) {
    for (int at = 0; at < tokens; at += CHUNK) {
      int count = Math.min(CHUNK, tokens - at);
      int past = from + at;
      int[] last = at + count == tokens ? new int[] {count - 1} : new int[0];
      forward(
          new Batch(
              IntStream.range(past, past + count).map(this::token).toArray(),
              IntStream.range(past, past + count).toArray(),
              List.of(new Batch.Span(0, count, past, blockTables.get(stream))),
              last,
              Optional.of(cache)));
    }
  }

  private Batch step(int past) {
    int streams = blockTables.size();
    int[] tokens = new int[streams];
    int[] positions = new int[streams];
    int[] rows = new int[streams];
    List<Batch.Span> spans = new ArrayList<>(streams);
    for (int s = 0; s < streams; s++) {
      tokens[s] = token(past + 31 * s);
      positions[s] = past;
      rows[s] = s;
      spans.add(new Batch.Span(s, 1, past, blockTables.get(s)));
    }
    return new Batch(tokens, positions, spans, rows, Optional.of(cache));
  }

  private int token(int position) {
    return position * 101 % vocabSize;
  }

  private void forward(Batch batch) {
    scratch.reset();
    model.forward(ops, batch);
  }

  @Override
  public void close() {
    cache.close();
    scratch.close();
  }
}
