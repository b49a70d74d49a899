package dev.hadal.app.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is always read, also while a request of it is answered: so it is known at once
 * when the client hangs up, which would otherwise show only when something is written. What comes
 * early waits for the next request.
 */
final class Line implements ConnectionContext, AutoCloseable {
  private static final byte[] END = new byte[0];

  /** So much a client may say ahead; then it waits, and its hanging up is noticed later. */
  private static final int AHEAD = 16;

  private final ConnectionContext connection;
  private final BlockingQueue<byte[]> said = new ArrayBlockingQueue<>(AHEAD);
  private final DataReader reader = DataReader.create(this::next);
  private final Thread listening;
  private final Object lock = new Object();
  private @Nullable Runnable whenGone;
  private volatile boolean gone;
  private volatile boolean over;

  Line(ConnectionContext connection) {
    this.connection = connection;
    this.listening = Thread.ofVirtual().name("hadal-line").unstarted(this::listen);
  }

  void open() {
    listening.start();
  }

  private void listen() {
    DataReader original = connection.dataReader();
    try {
      while (true) {
        said.put(original.readBuffer().readBytes());
      }
    } catch (InterruptedException e) {
      hungUp(); // closed from this side, while the client said more than was listened to
    } catch (RuntimeException e) {
      hungUp(); // the end, or a broken connection: there is no more either way
    }
  }

  private void hungUp() {
    Runnable action;
    synchronized (lock) {
      gone = true;
      action = whenGone;
    }
    if (action != null) {
      action.run();
    }
    said.offer(END); // wakes who waits; if there is no room for it no one does
  }

  /** What the client said next; null at the end. */
  private byte @Nullable [] next() {
    if (over) {
      return null;
    }
    try {
      boolean end = gone; // before the look: what was said last is heard first
      byte[] bytes = said.poll();
      if (bytes == null) {
        bytes = end ? END : said.take();
      }
      if (bytes.length > 0) {
        return bytes;
      }
      said.offer(END); // whoever asks again hears it again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // idle for too long, or the server ends
    }
    return null;
  }

  /** Runs {@code action} once the client hangs up, at once if it has; null takes it back. */
  void whenGone(@Nullable Runnable action) {
    boolean now;
    synchronized (lock) {
      whenGone = action;
      now = gone;
    }
    if (now && action != null) {
      action.run();
    }
  }

  /** The answer in hand is the last: Helidon would wait for the client to hang up. */
  void over() {
    over = true;
  }

  /** Hangs up. */
  @Override
  public void close() {
    listening.interrupt();
    connection.serverSocket().close();
  }

  void end() {
    listening.interrupt();
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public ListenerContext listenerContext() {
    return connection.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return connection.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return connection.dataWriter();
  }

  @Override
  public Router router() {
    return connection.router();
  }

  @Override
  public PeerInfo remotePeer() {
    return connection.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return connection.localPeer();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  @Override
  public String socketId() {
    return connection.socketId();
  }

  @Override
  public String childSocketId() {
    return connection.childSocketId();
  }
}
