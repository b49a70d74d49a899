package dev.hadal.app.server.page;

import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Job;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Problem;
import dev.hadal.app.store.Timings;
import dev.hadal.app.store.Usage;
import dev.hadal.app.store.Wire;
import dev.hadal.chat.dialect.Event;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer as it grows, with nobody's page in it: its thread adds text, the clock tells tabs and
 * keeps what has come, anyone may stop it. It ends once.
 */
final class Answer implements Plan.Rival {
  private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Message begun;
  private final Plan plan;
  private final Job job;
  private final Answering all;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Grown content = new Grown("content");
  private final Grown thinking = new Grown("thinking");
  private volatile boolean waiting;
  private String stage = "queued";
  private String toldStage = "";
  private long toldNanos;
  private long keptNanos = System.nanoTime();
  private int keptLength;
  private long askedMillis;
  private long thinkingBegan;
  private @Nullable Long thinkingMs;
  private @Nullable Generation generation;
  private @Nullable Message last;

  Answer(Message begun, Plan plan, Job job, Answering all) {
    this.begun = begun;
    this.plan = plan;
    this.job = job;
    this.all = all;
  }

  String id() {
    return begun.id();
  }

  @Nullable String conversation() {
    return begun.conversation();
  }

  Plan plan() {
    return plan;
  }

  Job job() {
    return job;
  }

  // The answering thread's.

  void stage(String now) {
    lock.lock();
    try {
      stage = now;
    } finally {
      lock.unlock();
    }
  }

  void asked(Generation voice) {
    lock.lock();
    try {
      generation = voice;
      askedMillis = System.currentTimeMillis();
    } finally {
      lock.unlock();
    }
  }

  void add(Event event) {
    lock.lock();
    try {
      switch (event) {
        case Event.Thinking(String text) -> {
          stage = "thinking";
          thinkingBegan = thinkingBegan == 0 ? System.nanoTime() : thinkingBegan;
          thinking.text.append(text);
        }
        case Event.Content(String text) -> answer(text);
        // It was offered no tools: what it calls all the same is shown.
        case Event.ToolCall(int _, var call) -> answer(call.name() + call.argumentsJson());
      }
    } finally {
      lock.unlock();
    }
  }

  private void answer(String text) {
    if (thinkingBegan != 0 && thinkingMs == null) {
      thinkingMs = thinkingMillis();
    }
    stage = "answer";
    content.text.append(text);
  }

  private @Nullable Long thinkingMillis() {
    return thinkingMs != null || thinkingBegan == 0
        ? thinkingMs
        : Long.valueOf((System.nanoTime() - thinkingBegan) / 1_000_000);
  }

  // Anyone's.

  /** As it is now; as a tab sees it. */
  Message now() {
    lock.lock();
    try {
      return shown(current());
    } finally {
      lock.unlock();
    }
  }

  private Message current() {
    Message ended = last;
    return ended != null
        ? ended
        : begun
            .withText(content.text.toString(), thinking.text.toString())
            .at(stage, null, thinkingMillis());
  }

  private Message shown(Message message) {
    return plan.blind() ? message.withModel(null) : message;
  }

  /** Tells a new tab what has come, unless it has ended. */
  void tell(Tab tab, Events events) {
    lock.lock();
    try {
      if (last == null) {
        events.tell(tab, "message", Wire.json(shown(current())));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells of its beginning. */
  void begin(Events events) {
    events.tell("message", Wire.json(now()));
  }

  /** Someone pressed stop. */
  Message stop() {
    end("stopped", "cancelled", null);
    job.stop(Failure.of(Failure.Kind.CLIENT_GONE, "the answer was stopped"));
    return now();
  }

  /** Ends it, if it has not ended: kept first, told then. */
  void end(String state, String reason, @Nullable Problem error) {
    lock.lock();
    try {
      if (last != null) {
        return;
      }
      last =
          begun
              .withText(content.text.toString(), thinking.text.toString())
              .ended(state, reason, error, thinkingMillis(), usage(), timings());
      all.keep(this, last);
      all.events().tell("message", Wire.json(shown(last)));
    } finally {
      lock.unlock();
    }
    all.ended(this, now());
  }

  @Override
  public boolean isOver() {
    return over.getCount() == 0;
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  void waiting(boolean now) {
    waiting = now;
  }

  @Override
  public void awaitOver() throws InterruptedException {
    over.await();
  }

  /** Its thread has let go of the model. */
  void over() {
    over.countDown();
  }

  private @Nullable Usage usage() {
    Generation g = generation;
    return g == null
        ? null
        : new Usage(g.promptTokens(), g.cachedTokens(), g.generatedTokens(), g.thinkingTokens());
  }

  private @Nullable Timings timings() {
    Generation g = generation;
    if (g == null) {
      return null;
    }
    long first = g.tokens().promptNanos();
    int computed = g.promptTokens() - g.cachedTokens();
    return new Timings(
        Math.max(0, askedMillis - begun.created()),
        first == 0 ? null : Long.valueOf(first / 1_000_000),
        first == 0 ? null : Double.valueOf(computed * 1e9 / first),
        g.progress().tokensPerSecond());
  }

  // The clock's.

  /** Tells what has come since the last time, and keeps it now and then. */
  void tick(Events events) {
    lock.lock();
    try {
      if (last != null) {
        return;
      }
      tell(events, thinking);
      tell(events, content);
      long now = System.nanoTime();
      if (!stage.equals(toldStage) || now - toldNanos >= STATUS_NANOS) {
        toldStage = stage;
        toldNanos = now;
        events.tell("status", status());
      }
      int length = content.text.length() + thinking.text.length();
      if (length > keptLength && now - keptNanos >= KEEP_NANOS) {
        keptLength = length;
        keptNanos = now;
        all.keepSoFar(id(), content.text.toString(), thinking.text.toString());
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(Events events, Grown grown) {
    int end = grown.text.length();
    if (end > grown.told && Character.isHighSurrogate(grown.text.charAt(end - 1))) {
      end--; // its other half comes
    }
    if (end > grown.told) {
      ObjectNode delta = Wire.object().put("message", id());
      delta.putArray(grown.field).add(grown.told).add(grown.text.substring(grown.told, end));
      events.tell("delta", delta);
      grown.told = end;
    }
  }

  private ObjectNode status() {
    Generation g = generation;
    ObjectNode status =
        Wire.object()
            .put("message", id())
            .put("stage", stage)
            .putNull("progress")
            .putNull("queue_position")
            .put("thinking_ms", thinkingMillis());
    return g == null
        ? status.put("completion_tokens", 0).putNull("prompt_tokens").putNull("tokens_per_second")
        : status
            .put("completion_tokens", g.generatedTokens())
            .put("prompt_tokens", g.promptTokens())
            .put("tokens_per_second", g.progress().tokensPerSecond());
  }

  /** A text, and how much of it tabs were told. */
  private static final class Grown {
    private final String field;
    private final StringBuilder text = new StringBuilder();
    private int told;

    Grown(String field) {
      this.field = field;
    }
  }
}
