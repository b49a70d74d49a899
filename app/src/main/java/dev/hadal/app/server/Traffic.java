package dev.hadal.app.server;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What is in flight of all interfaces, and how long the last minute's answers took. */
public final class Traffic {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Metrics metrics;
  private final AtomicLong numbers = new AtomicLong();
  private final Set<Entry> jobs = ConcurrentHashMap.newKeySet();
  private final Deque<Ended> ended = new ArrayDeque<>();

  private record Entry(Job job, String id) {}

  private record Ended(long nanos, double firstTokenMillis, double tokenMillis) {}

  /**
   * A job that uses a model.
   *
   * @param api the interface it came by
   * @param state {@code queued}, {@code loading}, {@code prompt}, {@code thinking}, {@code answer}
   * @param started milliseconds since 1970
   * @param tokensPerSecond null before there are two
   */
  public record Flight(
      String id,
      String api,
      String model,
      String state,
      long started,
      int promptTokens,
      int completionTokens,
      @Nullable Double tokensPerSecond) {}

  Traffic(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Counts a job until {@link #leave}. */
  public void enter(Job job) {
    jobs.add(new Entry(job, "r_" + numbers.incrementAndGet()));
  }

  /** A job has ended, and let go of what it held. */
  public void leave(Job job) {
    jobs.removeIf(entry -> entry.job == job);
    metrics.count(job);
    Work work = job.work();
    if (work.firstTokenNanos() > 0) {
      double perToken =
          work.generatedTokens() > 1
              ? work.decodeNanos() / 1e6 / (work.generatedTokens() - 1)
              : Double.NaN;
      synchronized (ended) {
        ended.add(new Ended(System.nanoTime(), work.firstTokenNanos() / 1e6, perToken));
        forget();
      }
    }
  }

  private void forget() {
    long now = System.nanoTime();
    while (!ended.isEmpty() && now - ended.getFirst().nanos > MINUTE_NANOS) {
      ended.removeFirst();
    }
  }

  /** The oldest of those that use a model. */
  public List<Flight> inFlight(int most) {
    return jobs.stream()
        .filter(entry -> !entry.job.work().model().isEmpty())
        .sorted(Comparator.comparingLong(entry -> entry.job.began()))
        .limit(most)
        .map(Traffic::flight)
        .toList();
  }

  private static Flight flight(Entry entry) {
    Work work = entry.job.work();
    Work.Progress now = work.progress();
    return new Flight(
        entry.id,
        entry.job.api(),
        work.model(),
        now.stage(),
        entry.job.began(),
        now.promptTokens(),
        now.generatedTokens(),
        now.tokensPerSecond());
  }

  /** The median of the last minute, from request to first token, in milliseconds. */
  public OptionalDouble firstTokenMillis() {
    return median(Ended::firstTokenMillis);
  }

  /** The median of the last minute's mean times between tokens, in milliseconds. */
  public OptionalDouble tokenMillis() {
    return median(Ended::tokenMillis);
  }

  private OptionalDouble median(ToDoubleFunction<Ended> value) {
    synchronized (ended) {
      forget();
      double[] sorted =
          ended.stream().mapToDouble(value).filter(Double::isFinite).sorted().toArray();
      return sorted.length == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    }
  }
}
