package dev.hadal.app.server;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An interface for tests: it echoes, breaks, and waits until it is stopped. */
final class EchoRoom implements Room {
  /** What befell calls that waited. */
  final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();

  final Semaphore waiting = new Semaphore(0); // one for each

  @Override
  public String title() {
    return "Echo";
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .post("/echo", "Says it again.", call -> call.json(call.fields().json()))
        .get(
            "/echo/{+name}",
            "Says the name.",
            call -> call.text(200, "text/plain", call.path("name")))
        .get(
            "/break",
            "Breaks.",
            call -> {
              throw new IllegalStateException("secret");
            })
        .get("/wait", "Waits.", this::await)
        .get(
            "/stream",
            "Waits while it streams.",
            call -> {
              call.frames(Frames.SSE).data(JsonMapper.shared().createArrayNode());
              await(call);
            });
  }

  private void await(Call call) throws IOException {
    CountDownLatch stop = new CountDownLatch(1);
    call.stoppable(stop::countDown);
    waiting.release();
    try {
      stop.await();
      call.check();
    } catch (RequestException e) {
      stopped.add(e.failure().kind().name());
      throw e;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public JsonNode error(Failure failure) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("kind", failure.kind().name())
        .put("error", failure.message());
  }
}
