package dev.hadal.app.server;

import dev.hadal.app.models.ModelPool;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.Optional;

/** What every request passes on its way in and out. */
final class Gate {
  private static final System.Logger LOG = System.getLogger("dev.hadal.server");

  private final ModelPool pool;
  private final Callers callers;
  private final Bodies bodies;
  private final Running running;
  private final Metrics metrics;
  private final Traffic traffic;

  Gate(ModelPool pool, ServerOptions options, Running running, Metrics metrics, Traffic traffic) {
    this.pool = pool;
    this.callers = new Callers(options);
    this.bodies = new Bodies(options.limits());
    this.running = running;
    this.metrics = metrics;
    this.traffic = traffic;
  }

  void serve(Routes.Route route, ServerRequest req, ServerResponse res) {
    Call call = new Call(req, res, route, pool, bodies, Connections.current());
    RequestEvent event = new RequestEvent();
    event.begin();
    try {
      answer(route, req, res, call);
    } catch (IOException e) {
      throw new CloseConnectionException("the client hung up", e);
    } finally {
      running.leave(call);
      traffic.leave(call);
      metrics.countRequest(call);
      if (event.shouldCommit()) {
        event.of(call);
        event.commit();
      }
    }
  }

  private void answer(Routes.Route route, ServerRequest req, ServerResponse res, Call call)
      throws IOException {
    try {
      Optional<Guard> guard = route.room().guard();
      if (guard.isEmpty()) {
        callers.admitPage(req, res);
      }
      if (!route.open()) {
        running.enter(call);
        traffic.enter(call);
      }
      if (guard.isEmpty() && !route.open()) {
        callers.checkKey(req);
      }
      if (guard.isPresent() && !guard.get().admits(call)) {
        return;
      }
      call.readBody();
      route.handler().handle(call);
    } catch (RuntimeException | IOException | Error e) {
      Failure failure = Failure.of(gone(e));
      if (failure.kind() == Failure.Kind.INTERNAL) {
        LOG.log(System.Logger.Level.ERROR, call.name() + " failed", e);
      }
      call.fail(failure);
      if (failure.kind() == Failure.Kind.CLIENT_GONE) {
        throw new IOException(failure.message());
      }
    } finally {
      call.end();
    }
  }

  /** Helidon's word for a connection that broke. */
  private static Throwable gone(Throwable e) {
    return e instanceof CloseConnectionException ? new IOException(e) : e;
  }

  void preflight(Routes.Route route, ServerRequest req, ServerResponse res) {
    serve(route, req, res, () -> callers.preflight(req, res));
  }

  private void serve(Routes.Route route, ServerRequest req, ServerResponse res, Runnable answer) {
    Call call = new Call(req, res, route, pool, bodies, Connections.current());
    try {
      answer.run();
    } catch (RequestException e) {
      try {
        call.fail(e.failure());
      } catch (IOException gone) {
        throw new CloseConnectionException("the client hung up", gone);
      }
    }
  }
}
