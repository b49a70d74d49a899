package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.TestServer.Answer;
import dev.hadal.app.server.openai.OpenAi;
import dev.hadal.engine.EngineStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients of all kinds at once, for {@code -Dhadal.soak.seconds=600} or, by default, a few
 * seconds: every request ends in an answer or a named error, and what was taken is given back.
 */
@Timeout(1200)
final class SoakTest {
  private static final int CLIENTS = 64;
  private static final int SECONDS = Integer.getInteger("hadal.soak.seconds", 5);

  @TempDir private Path folder;

  /** Pools of the server that were not at their full size at first; thousands of requests came. */
  private static final int POOLS = 4;

  /** Longer than Java's client keeps a connection that nobody uses, which is 30 s. */
  private static final Duration IDLE = Duration.ofSeconds(45);

  private final Map<String, AtomicLong> ends = new ConcurrentHashMap<>();

  @Test
  void everyRequestEndsAndNothingIsKept(TestReporter reporter) throws Exception {
    HadalOptions opening =
        HadalOptions.defaults().withThreads(2).withMaxSequences(16).withMaxQueue(40);
    FolderCatalog models = new FolderCatalog().with("tiny", TinyChat.in(folder));
    try (TestServer server =
        TestServer.start(models, opening, ServerOptions.local(0), new OpenAi())) {
      run(server, Duration.ofMillis(500)); // everything is there once
      long threads = threads();

      run(server, Duration.ofSeconds(SECONDS));

      assertThat(settled(server))
          .satisfies(stats -> {
            assertThat(stats.running()).isZero();
            assertThat(stats.waiting()).isZero();
            assertThat(stats.blocksUsed()).isZero();
            assertThat(stats.blocksCached()).isLessThanOrEqualTo(stats.blocksTotal());
          });
      assertThat(threadsDownTo(threads)).isLessThanOrEqualTo(threads + POOLS);
      Map<String, AtomicLong> sorted = new TreeMap<>(ends);
      reporter.publishEntry("soak", sorted.toString());
      assertThat(sorted.keySet())
          .isSubsetOf("answered", "hung up", "refused 400", "refused 404", "busy 429");
      assertThat(sorted).containsKeys("answered", "hung up", "refused 400", "busy 429");
    }
  }

  /** Ours and Helidon's: the JVM's own, and those of other tests here, come and go as they like. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith("hadal") || name.startsWith("helidon"))
        .count();
  }

  /** How many there are when they are as few, or the clients' idle connections long gone. */
  private static long threadsDownTo(long few) throws InterruptedException {
    long end = System.nanoTime() + IDLE.toNanos();
    while (threads() > few + POOLS && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    return threads();
  }

  private void run(TestServer server, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> client :
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> clients.submit(() -> client(server, new Random(i), end)))
              .toList()) {
        client.get();
      }
    }
  }

  private Object client(TestServer server, Random random, long end) throws Exception {
    while (System.nanoTime() < end) {
      int kind = random.nextInt(10);
      String how =
          switch (kind) {
            case 0 -> hangUp(server, random);
            case 1 ->
                asked(server.post("/v1/chat/completions", "{\"model\":\"tiny\",\"messages\":"));
            case 2 -> asked(server.post("/v1/completions", body(random, "nobody", false)));
            default -> asked(server.post("/v1/completions", body(random, "tiny", kind < 6)));
          };
      ends.computeIfAbsent(how, h -> new AtomicLong()).incrementAndGet();
    }
    return ends;
  }

  private static String asked(Answer answer) {
    String reason = answer.status() == 200 ? "" : answer.json().at("/error/message").asString();
    boolean whole =
        !answer.text().startsWith("data: ") || answer.text().endsWith("data: [DONE]\n\n");
    return switch (answer.status()) {
      case 200 -> whole ? "answered" : "cut off";
      case 429 -> answer.header("Retry-After").isEmpty() ? "429 without a time" : "busy 429";
      case 400, 404 -> reason.isEmpty() ? "no reason" : "refused " + answer.status();
      default -> "status " + answer.status() + " " + reason;
    };
  }

  /** Reads the head of a stream and is gone. */
  private static String hangUp(TestServer server, Random random) throws IOException {
    String body = body(random, "tiny", true);
    try (Raw client = new Raw(server.at("/"))) {
      client.say(
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + body.getBytes(UTF_8).length
              + "\r\n\r\n"
              + body);
      client.some();
    }
    return "hung up";
  }

  private static String body(Random random, String model, boolean stream) {
    return "{\"model\":\"%s\",\"prompt\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"temperature\":%d}"
        .formatted(
            model,
            "The sea is blue. ".repeat(random.nextInt(20)) + "Once " + random.nextInt(9),
            1 + random.nextInt(40),
            stream,
            random.nextInt(2));
  }

  /** What the engine says when all its sequences have ended. */
  private static EngineStats settled(TestServer server) {
    EngineStats stats;
    do {
      stats = server.pool().resident().getFirst().model().engine().stats();
      Thread.onSpinWait();
    } while (stats.running() + stats.waiting() > 0); // the test's own timeout ends it
    return stats;
  }
}
