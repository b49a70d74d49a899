package dev.hadal.app.server.page;

import dev.hadal.app.hub.PullListener;
import dev.hadal.app.store.Problem;
import dev.hadal.app.store.Wire;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A download as it goes. Its thread and the hub's tell it; anyone looks at it. */
final class Pull implements PullListener {
  private static final long WINDOW_NANOS = 2_000_000_000L;

  private final String id = Wire.id("p");
  private final String name;
  private final long started = System.currentTimeMillis();
  private final Map<String, Long> done = new HashMap<>();
  private String state = "resolving";
  private @Nullable Long total;
  private @Nullable Problem error;
  private long markNanos = System.nanoTime();
  private long markBytes = -1;
  private @Nullable Long perSecond;

  /** As the page shows it. */
  record Card(
      String id,
      String name,
      String state,
      long doneBytes,
      @Nullable Long totalBytes,
      @Nullable Long bytesPerSecond,
      long started,
      @Nullable Problem error) {}

  Pull(String name) {
    this.name = name;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  synchronized Card card() {
    return card(state);
  }

  synchronized Card card(String shownState) {
    boolean moving = state.equals("downloading");
    return new Card(
        id, name, shownState, doneBytes(), total, moving ? perSecond : null, started, error);
  }

  private long doneBytes() {
    long sum = done.values().stream().mapToLong(Long::longValue).sum();
    Long all = total;
    return all == null ? sum : Math.min(sum, all);
  }

  synchronized boolean isRunning() {
    return !(state.equals("done") || state.equals("cancelled") || state.equals("failed"));
  }

  /** Ends it, if it has not ended. */
  synchronized void end(String how, @Nullable Problem why) {
    if (isRunning()) {
      state = how;
      error = why;
      Long all = total;
      if (how.equals("done") && all != null) {
        done.clear();
        done.put("", all);
      }
    }
  }

  @Override
  public synchronized void begins(String what, long bytes) {
    if (isRunning()) {
      state = "downloading";
      total = bytes;
    }
  }

  @Override
  public synchronized void progress(String stage, long bytes, long of) {
    if (!isRunning()) {
      return;
    }
    if (stage.startsWith("checking ")) {
      state = "verifying";
      return;
    }
    state = "downloading";
    done.put(stage, bytes);
    long now = System.nanoTime();
    long sum = doneBytes();
    if (markBytes < 0 || sum < markBytes) {
      markBytes = sum;
      markNanos = now;
    } else if (now - markNanos >= WINDOW_NANOS / 4) {
      long speed = (long) ((sum - markBytes) * 1e9 / (now - markNanos));
      perSecond = perSecond == null ? speed : (perSecond + speed) / 2;
      markBytes = sum;
      markNanos = now;
    }
  }

  @Override
  public void says(String sentence) {}
}
