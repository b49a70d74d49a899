package dev.hadal.app.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/** HTTP/1.1 connections whose handlers know their {@link Line}. */
final class Connections implements ServerConnectionSelector {
  private static final ScopedValue<Line> LINE = ScopedValue.newInstance();

  private final Http1ConnectionSelector http =
      Http1ConnectionSelector.builder()
          .config(Http1Config.builder().maxHeadersSize(64 << 10).maxPrologueLength(8 << 10).build())
          .build();

  /** The connection that this thread serves. */
  static Line current() {
    return LINE.get();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    Line line = new Line(context);
    ServerConnection inner = http.connection(line);
    return new ServerConnection() {
      @Override
      public void handle(Limit limit) throws InterruptedException {
        line.open();
        try {
          ScopedValue.where(LINE, line)
              .call(() -> {
                inner.handle(limit);
                return line;
              });
        } finally {
          line.end();
        }
      }

      @Override
      public Duration idleTime() {
        return inner.idleTime();
      }

      @Override
      public void close(boolean interrupt) {
        inner.close(interrupt);
      }
    };
  }
}
