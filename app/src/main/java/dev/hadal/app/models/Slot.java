package dev.hadal.app.models;

import dev.hadal.Hadal;
import dev.hadal.engine.EngineStats;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A place in the pool: one model, being loaded or there. Fields belong to the pool's lock. */
final class Slot {
  final Catalog.Entry entry;

  /** Held while loading, so that whoever comes second waits for the first. */
  final ReentrantLock loading = new ReentrantLock();

  volatile @Nullable Hadal model;
  int users;
  boolean pinned;
  boolean reserved;
  boolean leaving;
  Instant lastUsed = Instant.EPOCH;
  Instant expires = Instant.MAX;

  Slot(Catalog.Entry entry) {
    this.entry = entry;
  }

  /** Whether it may be put away now. */
  boolean isFree() {
    return users == 0 && !pinned && model != null;
  }

  /** What it takes, or will when it is loaded. */
  long bytes() {
    Hadal loaded = model;
    if (loaded == null) {
      return entry.bytes();
    }
    EngineStats stats = loaded.engine().stats();
    return entry.bytes() + stats.cacheBytes() + stats.scratchBytes();
  }
}
