package dev.hadal.app.models;

import dev.hadal.Hadal;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use a model: until it is closed, the model stays open. */
public final class Lease implements AutoCloseable {
  private final Catalog.Entry entry;
  private final Hadal model;
  private final Runnable giveBack;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(Catalog.Entry entry, Hadal model, Runnable giveBack) {
    this.entry = entry;
    this.model = model;
    this.giveBack = giveBack;
  }

  public Hadal model() {
    return model;
  }

  /** The model's own name, whatever alias it was asked for by. */
  public String name() {
    return entry.name();
  }

  public Catalog.Entry entry() {
    return entry;
  }

  /** Gives the model back. Closing twice is fine. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      giveBack.run();
    }
  }
}
