package dev.hadal.app.cli;

import dev.hadal.app.hub.PullListener;
import org.jspecify.annotations.Nullable;

/** Shows a download: what begins, a bar for each of its stages, and what a person should know. */
final class PullBar implements PullListener, AutoCloseable {
  private final Io io;
  private String stage = "";
  private @Nullable Progress bar;

  PullBar(Io io) {
    this.io = io;
  }

  @Override
  public synchronized void begins(String what, long bytes) {
    io.say("fetching " + what + (bytes > 0 ? ", " + Sizes.bytes(bytes) : ""));
  }

  @Override
  public synchronized void progress(String named, long done, long total) {
    Progress drawn = bar;
    if (drawn == null || !named.equals(stage)) {
      close();
      drawn = Progress.ofBytes(io, named);
      bar = drawn;
      stage = named;
    }
    drawn.update(done, total);
  }

  @Override
  public synchronized void says(String sentence) {
    close();
    io.say(sentence);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
