package dev.hadal.app.server.answer;

import dev.hadal.app.server.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Several answers at once, read as they come. One reader. */
public final class Chorus {
  private final Job job;
  private final List<Generation> voices = new ArrayList<>();
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
  private boolean started;
  private int singing;

  Chorus(Job job) {
    this.job = job;
  }

  /**
   * What a voice said.
   *
   * @param piece nothing when it has ended
   */
  public record Said(int index, Optional<Piece> piece, @Nullable RuntimeException failure) {}

  void add(Generation voice) {
    voices.add(voice);
    job.work().watch(voice::progress);
    job.atEnd(() -> {
      voice.stop();
      voice.meter();
    });
  }

  public List<Generation> voices() {
    return voices;
  }

  public Generation voice(int index) {
    return voices.get(index);
  }

  /**
   * What comes next, of any voice; nothing when all have ended.
   *
   * @throws dev.hadal.app.server.RequestException if the call was stopped
   */
  public Optional<Said> next() {
    if (!started) {
      start();
    }
    if (singing == 0) {
      return Optional.empty();
    }
    Said next = voices.size() == 1 ? listen(0) : take();
    RuntimeException failure = next.failure();
    if (failure != null) {
      throw failure;
    }
    if (next.piece().isEmpty()) {
      singing--;
    }
    return Optional.of(next);
  }

  private void start() {
    started = true;
    singing = voices.size();
    job.stoppable(() -> voices.forEach(Generation::stop));
    for (int i = 0; i < voices.size() && voices.size() > 1; i++) {
      int index = i;
      Thread.startVirtualThread(() -> sing(index));
    }
  }

  private Said listen(int index) {
    return new Said(index, voices.get(index).next(), null);
  }

  private void sing(int index) {
    try {
      Said heard;
      do {
        heard = listen(index);
        said.add(heard);
      } while (heard.piece().isPresent());
    } catch (RuntimeException e) {
      said.add(new Said(index, Optional.empty(), e));
    }
  }

  private Said take() {
    try {
      return said.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while answers were awaited", e);
    }
  }
}
