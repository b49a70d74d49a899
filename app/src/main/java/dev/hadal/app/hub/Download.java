package dev.hadal.app.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way: chunks by ranges over several connections into a partial file, which a
 * record beside it describes. A server without ranges is read from its beginning.
 */
final class Download {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Http http;
  private final RemoteFile remote;
  private final Path part;
  private final Path recordFile;
  private final Transfer transfer;
  private final PullListener listener;

  private final LongAdder received = new LongAdder();
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /** Where a hub keeps the content: asked for once, not for every chunk. */
  private volatile @Nullable URI location;

  /**
   * How a file is cut.
   *
   * @param connections at most so many at once
   * @param chunkBytes what is lost at most of each connection when the process is killed
   */
  record Transfer(int connections, long chunkBytes) {
    /** Of a large file larger chunks: a record of 16,000 bits at most. */
    static Transfer usual(long size) {
      return new Transfer(8, Math.max(8 << 20, Long.highestOneBit(Math.max(size, 1) / 512)));
    }
  }

  Download(Http http, RemoteFile remote, Path part, Transfer transfer, PullListener listener) {
    this.http = http;
    this.remote = remote;
    this.part = part;
    this.recordFile = record(part);
    this.transfer = transfer;
    this.listener = listener;
  }

  /** The record beside a partial file. */
  static Path record(Path part) {
    return part.resolveSibling(part.getFileName() + ".json");
  }

  /** A stream that is being read, and when it last gave something. */
  private static final class Stream {
    private final InputStream in;
    private volatile long alive = System.nanoTime();

    private Stream(InputStream in) {
      this.in = in;
    }
  }

  /** A server answers with the whole file whatever part is asked for. */
  private static final class NoRanges extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;
  }

  /** Fetches what is missing; what was fetched stays when this fails. */
  void run() throws IOException {
    if (remote.size() == 0) {
      Files.deleteIfExists(part);
      Files.createFile(part);
      return;
    }
    try {
      if (remote.size() > 0) {
        chunks();
        return;
      }
    } catch (NoRanges e) {
      Files.deleteIfExists(recordFile);
    }
    whole();
  }

  private void chunks() throws IOException {
    PartRecord record = PartRecord.open(recordFile, part, remote.size(), transfer.chunkBytes());
    Queue<Integer> missing = new ConcurrentLinkedQueue<>();
    IntStream.range(0, record.chunks()).filter(i -> !record.has(i)).forEach(missing::add);
    received.add(record.doneBytes());
    int workers = Math.min(transfer.connections(), missing.size());
    CountDownLatch ended = new CountDownLatch(workers);
    try (FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (file.size() != remote.size()) {
        file.truncate(remote.size()).write(ByteBuffer.allocate(1), remote.size() - 1);
      }
      for (int i = 0; i < workers; i++) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                work(file, record, missing);
              } catch (IOException e) {
                failure.compareAndSet(null, e);
              } finally {
                ended.countDown();
              }
            });
      }
      await(ended);
    }
  }

  /**
   * Reports, and ends streams that give nothing any more, until all work is done or some failed.
   */
  private void await(CountDownLatch ended) throws IOException {
    try {
      boolean done = false;
      while (!done && failure.get() == null) {
        done = ended.await(50, TimeUnit.MILLISECONDS);
        listener.progress(remote.name(), received.sum(), remote.size());
        closeStreams(STALL_NANOS);
      }
      IOException failed = failure.get();
      if (failed != null) {
        closeStreams(0);
        boolean all = ended.await(2, TimeUnit.SECONDS);
        // Whoever still waits for its next attempt finds the file closed.
        failed.addSuppressed(new IOException(all ? "all others ended" : "others still wait"));
        throw failed;
      }
    } catch (InterruptedException e) {
      failure.compareAndSet(null, new IOException("interrupted", e));
      closeStreams(0);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void closeStreams(long idleNanos) throws IOException {
    long now = System.nanoTime();
    for (Stream stream : open) {
      if (now - stream.alive >= idleNanos) {
        stream.in.close();
      }
    }
  }

  private void work(FileChannel file, PartRecord record, Queue<Integer> missing)
      throws IOException {
    for (Integer chunk = missing.poll(); chunk != null; chunk = missing.poll()) {
      fetch(file, record.from(chunk), record.to(chunk));
      record.add(chunk);
    }
  }

  private void fetch(FileChannel file, long from, long to) throws IOException {
    long at = from;
    int failed = 0;
    while (at < to && failure.get() == null) {
      URI direct = location;
      long before = at;
      try (InputStream in = range(direct, at, to)) {
        at = copy(in, file, at, to);
        failed = 0;
      } catch (Cut e) {
        at = e.at;
        failed = at > before ? 0 : failed + 1;
        again(failed, e);
      } catch (StatusException e) {
        if (direct != null && !e.isPassing()) {
          location = null; // a signed address is good for some minutes only
          again(++failed, new IOException(e.getMessage(), e));
        } else {
          again(++failed, e);
        }
      } catch (NoRanges e) {
        throw e;
      } catch (IOException e) {
        again(++failed, e);
      }
    }
    if (at < to) {
      throw new IOException("stopped");
    }
  }

  private void again(int failed, IOException reason) throws IOException {
    if (failure.get() != null) {
      throw reason;
    }
    http.patience().afterFailure(Math.max(0, failed - 1), reason);
  }

  private InputStream range(@Nullable URI direct, long from, long to) throws IOException {
    String range = "bytes=" + from + "-" + (to - 1);
    Http.Reply reply =
        http.once(
            "GET",
            direct == null ? remote.uri() : direct,
            direct == null ? remote.token() : Optional.empty(),
            Map.of("Range", range));
    if (reply.status() == 206) {
      String stated = reply.header("Content-Range").orElse("");
      String expected = "bytes %d-%d/%d".formatted(from, to - 1, remote.size());
      if (!stated.equals(expected)) {
        reply.body().close();
        throw new HubException(
            "%s: asked for '%s', the server gives '%s'; did the file change meanwhile? pull again"
                .formatted(remote.name(), expected, stated));
      }
    } else if (from > 0 || to < remote.size()) {
      reply.body().close();
      throw new NoRanges();
    }
    if (!Http.isSameOrigin(remote.uri(), reply.uri())) {
      location = reply.uri();
    }
    return reply.body();
  }

  /** A stream ended too early; what came until then counts. */
  private static final class Cut extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;
    private final long at;

    private Cut(long at, @Nullable IOException cause) {
      super("the connection was cut", cause);
      this.at = at;
    }
  }

  private long copy(InputStream in, FileChannel file, long from, long to) throws IOException {
    Stream stream = new Stream(in);
    open.add(stream);
    long at = from;
    byte[] buffer = new byte[1 << 16];
    try {
      while (at < to) {
        int n;
        try {
          n = in.read(buffer, 0, (int) Math.min(buffer.length, to - at));
        } catch (IOException e) {
          throw new Cut(at, e);
        }
        if (n < 0) {
          throw new Cut(at, null);
        }
        stream.alive = System.nanoTime();
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          int written = file.write(bytes, at);
          at += written;
          received.add(written);
        }
      }
      return at;
    } finally {
      open.remove(stream);
    }
  }

  /** Reads from the beginning to the end, as often as it takes. */
  private void whole() throws IOException {
    for (int failed = 0; ; failed++) {
      try {
        wholeOnce();
        return;
      } catch (IOException e) {
        http.patience().afterFailure(failed, e);
      }
    }
  }

  private void wholeOnce() throws IOException {
    Http.Reply reply = http.once("GET", remote.uri(), remote.token(), Map.of());
    long total = reply.response().headers().firstValueAsLong("Content-Length").orElse(-1);
    long at = 0;
    try (InputStream in = reply.body();
        FileChannel file =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          at += file.write(bytes, at);
        }
        listener.progress(remote.name(), at, Math.max(at, total));
      }
    }
    if (total >= 0 && at != total) {
      throw new IOException("%s: %,d of %,d bytes came".formatted(remote.name(), at, total));
    }
  }
}
