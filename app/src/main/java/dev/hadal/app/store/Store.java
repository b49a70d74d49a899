package dev.hadal.app.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** All that people keep, in one file. Safe to use from any thread; calls block. */
public final class Store implements AutoCloseable {
  private final Database database;
  private final Conversations conversations;
  private final Messages messages;
  private final Presets presets;
  private final Comparisons comparisons;

  private Store(Database database, InstantSource clock) {
    this.database = database;
    this.conversations = new Conversations(database, clock);
    this.messages = new Messages(database);
    this.presets = new Presets(database);
    this.comparisons = new Comparisons(database);
  }

  /**
   * Opens the file, which is made where there is none. Answers that ran when it was left end with
   * an error that says so.
   *
   * @throws IOException if it is another program's, damaged, of a newer version, or in use; it is
   *     then left as it is
   */
  public static Store open(Path file) throws IOException {
    return open(file, InstantSource.system());
  }

  static Store open(Path file, InstantSource clock) throws IOException {
    Store store = new Store(Database.open(file), clock);
    store.messages.endRunning();
    store.conversations.purge();
    return store;
  }

  public Conversations conversations() {
    return conversations;
  }

  public Messages messages() {
    return messages;
  }

  public Presets presets() {
    return presets;
  }

  public Comparisons comparisons() {
    return comparisons;
  }

  @Override
  public void close() {
    database.close();
  }
}
