package dev.hadal.app.server.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tab that hears the events, and puts texts together as the page does. */
final class Listening implements AutoCloseable {
  /** An event. */
  record Event(String name, JsonNode data) {}

  private final Socket socket;
  private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
  final List<Event> all = new ArrayList<>();
  private final Map<String, StringBuilder> contents = new HashMap<>();

  Listening(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket
        .getOutputStream()
        .write(
            ("GET /hadal/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(UTF_8));
    Thread.startVirtualThread(this::read);
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      String name = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          heard.add(new Event(name, JsonMapper.shared().readTree(line.substring(6))));
        }
      }
    } catch (IOException e) {
      // closed
    }
    heard.add(new Event("closed", JsonMapper.shared().createObjectNode()));
  }

  /** The next event that is meant; fails after twenty seconds. */
  Event await(Predicate<Event> meant) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      Event event = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("no such event; there were " + all);
      }
      all.add(event);
      follow(event);
      if (meant.test(event)) {
        return event;
      }
    }
  }

  Event await(String name) throws InterruptedException {
    return await(event -> event.name().equals(name));
  }

  Event awaitEnd(String message) throws InterruptedException {
    return await(e ->
        e.name().equals("message")
            && e.data().path("id").asString().equals(message)
            && !e.data().path("state").asString().equals("running"));
  }

  private void follow(Event event) {
    if (event.name().equals("message")) {
      contents.put(
          event.data().path("id").asString(),
          new StringBuilder(event.data().path("content").asString()));
    } else if (event.name().equals("delta") && event.data().has("content")) {
      StringBuilder content = contents.get(event.data().path("message").asString());
      int offset = event.data().path("content").path(0).asInt();
      String text = event.data().path("content").path(1).asString();
      if (content == null || content.length() < offset) {
        throw new AssertionError("something was missed before " + event);
      }
      content.append(text.substring(Math.min(text.length(), content.length() - offset)));
    }
  }

  String content(String message) {
    return String.valueOf(contents.get(message));
  }

  /** The line drops. */
  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
