package dev.hadal.app.server.page;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.Resident;
import dev.hadal.app.server.Traffic;
import dev.hadal.app.store.Wire;
import dev.hadal.backend.KvCache;
import dev.hadal.engine.EngineStats;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Counts the server's seconds, and remembers the last five minutes of them. */
final class Pulse {
  private static final int SECONDS = 300;

  private final ModelPool pool;
  private final Traffic traffic;
  private final Events events;
  private final Deque<Stats> history = new ArrayDeque<>();
  private Map<Path, EngineStats> before = new HashMap<>();
  private long beforeNanos = System.nanoTime();

  Pulse(ModelPool pool, Traffic traffic, Events events) {
    this.pool = pool;
    this.traffic = traffic;
    this.events = events;
  }

  synchronized List<Stats> history() {
    return List.copyOf(history);
  }

  /** Counts a second, and tells it. */
  void beat() {
    Stats now = count();
    synchronized (this) {
      history.add(now.withoutRequests());
      if (history.size() > SECONDS) {
        history.removeFirst();
      }
    }
    if (events.isHeard()) {
      events.tell("stats", Wire.json(now));
    }
  }

  private Stats count() {
    Map<Path, EngineStats> after = new HashMap<>();
    long prompt = 0;
    long generated = 0;
    int running = 0;
    int waiting = 0;
    long used = 0;
    long total = 0;
    long memory = Runtime.getRuntime().totalMemory();
    for (Resident r : pool.resident()) {
      EngineStats stats = r.model().engine().stats();
      EngineStats last = before.get(r.entry().path());
      prompt += Math.max(0, computed(stats) - (last == null ? 0 : computed(last)));
      generated +=
          Math.max(0, stats.generatedTokens() - (last == null ? 0 : last.generatedTokens()));
      running += stats.running();
      waiting += stats.waiting();
      long block =
          KvCache.BLOCK_TOKENS
              * KvCache.bytesPerToken(
                  r.model().model().cacheSpec(), r.model().engine().options().kvType());
      used += stats.blocksUsed() * block;
      total += stats.blocksTotal() * block;
      memory += Shelf.bytes(r);
      after.put(r.entry().path(), stats);
    }
    long now = System.nanoTime();
    double seconds = Math.max(0.1, (now - beforeNanos) / 1e9);
    before = after;
    beforeNanos = now;
    return new Stats(
        System.currentTimeMillis(),
        prompt / seconds,
        generated / seconds,
        running,
        waiting,
        used,
        total,
        value(traffic.firstTokenMillis()),
        value(traffic.tokenMillis()),
        memory,
        traffic.inFlight(100));
  }

  private static long computed(EngineStats stats) {
    return stats.promptTokens() - stats.prefixHitTokens();
  }

  private static @Nullable Double value(OptionalDouble value) {
    return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
  }
}
