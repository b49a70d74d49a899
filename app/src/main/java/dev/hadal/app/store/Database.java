package dev.hadal.app.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * An SQLite file of ours (write-ahead log, one writer thread, readers beside it). It is this
 * process's alone: a lock beside it says so.
 */
final class Database implements AutoCloseable {
  private static final int HEADER = 100; // source: sqlite.org/fileformat2.html, section 1.3
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final FileChannel lock;
  private final Sql writer;
  private final Sql reader;
  private final ReentrantLock reading = new ReentrantLock();
  private final ExecutorService writing =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("hadal-store").factory());

  /** What is done with the file. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T on(Sql sql) throws SQLException;
  }

  private Database(Path file, FileChannel lock, Sql writer, Sql reader) {
    this.file = file;
    this.lock = lock;
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws IOException if it is another program's, damaged, newer than this version, or in use
   */
  static Database open(Path file) throws IOException {
    FileChannel lock;
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        Private.make(folder);
      }
      lock = lock(file);
    } catch (FileSystemException e) {
      throw new IOException(
          "%s cannot be written (%s), and conversations are kept there; name another folder with --data DIR"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    try {
      boolean made = !check(file);
      if (!Files.exists(file)) {
        Private.make(Files.createFile(file));
      }
      Connection writer = connect(file);
      try {
        Sql sql = new Sql(writer);
        prepare(sql, made);
        return new Database(file, lock, sql, new Sql(connect(file)));
      } catch (SQLException | RuntimeException | Error e) {
        writer.close();
        throw e;
      }
    } catch (SQLException e) {
      lock.close();
      throw new IOException(damaged(file, String.valueOf(e.getMessage())), e);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            beside, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock held = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
      if (held != null) {
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it open already; said below.
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    ByteBuffer owner = ByteBuffer.allocate(20);
    channel.read(owner, 0);
    channel.close();
    throw new IOException(
        "%s is in use by another Hadal (process %s); end that one, or keep other conversations with --data DIR"
            .formatted(
                file, new String(owner.array(), 0, owner.position(), StandardCharsets.US_ASCII)));
  }

  /** Looks at the header without touching anything; false if there is no file yet. */
  private static boolean check(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return false;
    }
    byte[] header;
    try (var in = Files.newInputStream(file)) {
      header = in.readNBytes(HEADER);
    }
    if (header.length < HEADER
        || !ByteBuffer.wrap(header, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new IOException(damaged(file, "its first bytes are not SQLite's"));
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int application = fields.getInt(68);
    int version = fields.getInt(60);
    if (application != Schema.APPLICATION) {
      throw new IOException(
          file
              + " is another program's database, not Hadal's; it was left as it is; name another"
              + " folder with --data DIR");
    }
    if (version > Schema.STEPS.size()) {
      throw new IOException(
          "%s was written by a newer Hadal (version %d of its tables, this one knows %d); it was left as it is; use the newer Hadal, or another folder with --data DIR"
              .formatted(file, version, Schema.STEPS.size()));
    }
    return true;
  }

  private static String damaged(Path file, String why) {
    return file
        + " is no file of conversations, or is damaged ("
        + why
        + "); it was left as it is; put a copy back, move it away, or name another folder with"
        + " --data DIR";
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(5_000);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }

  private static void prepare(Sql sql, boolean made) throws SQLException {
    if (!made) {
      String found = text(sql, "PRAGMA quick_check(1)");
      if (!found.equals("ok")) {
        throw new SQLException(found.replace('\n', ' '));
      }
    }
    sql.connection().setAutoCommit(false);
    int version = Integer.parseInt(text(sql, "PRAGMA user_version"));
    for (int i = version; i < Schema.STEPS.size(); i++) {
      for (String step : Schema.STEPS.get(i)) {
        sql.change(step);
      }
    }
    if (version < Schema.STEPS.size()) {
      sql.change("PRAGMA application_id = " + Schema.APPLICATION);
      sql.change("PRAGMA user_version = " + Schema.STEPS.size());
    }
    sql.connection().commit();
    sql.connection().setAutoCommit(true);
    text(sql, "PRAGMA journal_mode = WAL"); // after the header says whose file it is
    sql.connection().setAutoCommit(false);
  }

  private static String text(Sql sql, String query) throws SQLException {
    return sql.one(query, row -> row.getString(1)).orElse("");
  }

  <T extends @Nullable Object> T read(Work<T> work) {
    reading.lock();
    try {
      return work.on(reader);
    } catch (SQLException e) {
      throw failed("reading", e);
    } finally {
      reading.unlock();
    }
  }

  /** Does all of it or nothing; returns when it is on the disk. */
  <T extends @Nullable Object> T write(Work<T> work) {
    Future<T> done;
    try {
      done = writing.submit(() -> transaction(work));
    } catch (RejectedExecutionException e) {
      throw new StoreException(file + " is closed", e);
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T extends @Nullable Object> T transaction(Work<T> work) {
    try {
      T result = work.on(writer);
      writer.connection().commit();
      return result;
    } catch (SQLException e) {
      rollBack(e);
      throw failed("writing", e);
    } catch (RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Throwable cause) {
    try {
      writer.connection().rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private StoreException failed(String what, SQLException e) {
    return new StoreException(what + " " + file + " failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    writing.shutdown();
    try {
      if (!writing.awaitTermination(10, TimeUnit.SECONDS)) {
        writing.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reading.lock();
    try (lock) {
      reader.connection().close();
      writer.connection().close();
    } catch (SQLException | IOException e) {
      throw new StoreException("closing " + file + " failed: " + e.getMessage(), e);
    } finally {
      reading.unlock();
    }
  }
}
