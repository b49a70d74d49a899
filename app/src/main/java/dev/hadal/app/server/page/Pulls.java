package dev.hadal.app.server.page;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.hub.Puller;
import dev.hadal.app.server.Call;
import dev.hadal.app.store.Problem;
import dev.hadal.app.store.Wire;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** Downloads of models, which go on without the page. */
final class Pulls {
  private static final System.Logger LOG = System.getLogger("dev.hadal.server");

  private final HubSettings hub;
  private final Events events;
  private final Runnable newModel;
  private final Map<String, Pull> pulls = new LinkedHashMap<>();
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final Map<String, Pull.Card> told = new ConcurrentHashMap<>();

  Pulls(HubSettings hub, Events events, Runnable newModel) {
    this.hub = hub;
    this.events = events;
    this.newModel = newModel;
  }

  private synchronized List<Pull> all() {
    return List.copyOf(pulls.values());
  }

  private synchronized Pull find(String id) {
    Pull pull = pulls.get(id);
    if (pull == null) {
      throw Refusal.unknown("pull", id);
    }
    return pull;
  }

  void list(Call call) {
    ObjectNode answer = Wire.object();
    answer.set("pulls", Wire.node(all().stream().map(Pull::card).toList()));
    call.json(answer);
  }

  void create(Call call) {
    String asked = call.fields().requiredText("name").strip();
    ModelName name = ModelName.of(asked);
    Pull pull;
    synchronized (this) {
      Optional<Pull> running =
          pulls.values().stream()
              .filter(p -> p.isRunning() && p.name().equals(name.typed()))
              .findFirst();
      pull = running.orElseGet(() -> new Pull(name.typed()));
      if (running.isEmpty()) {
        // What was cancelled or failed goes on where it ended, and is not shown twice.
        pulls.values().removeIf(p -> dismissed(p, name.typed()));
        pulls.put(pull.id(), pull);
        threads.put(
            pull.id(), Thread.ofVirtual().name("hadal-pull").start(() -> fetch(pull, name)));
      }
    }
    tell(pull);
    call.json(202, Wire.json(pull.card()));
  }

  private boolean dismissed(Pull pull, String name) {
    boolean gone = !pull.isRunning() && pull.name().equals(name);
    if (gone) {
      events.tell("pull", Wire.json(pull.card("dismissed")));
    }
    return gone;
  }

  private void fetch(Pull pull, ModelName name) {
    try {
      new Puller(hub, pull).pull(name);
      pull.end("done", null);
      newModel.run();
    } catch (IOException | RuntimeException e) {
      pull.end("failed", problem(e));
    } catch (Error e) {
      LOG.log(System.Logger.Level.ERROR, "a pull failed", e);
      pull.end("failed", Problems.of(e));
    } finally {
      threads.remove(pull.id());
      tell(pull);
    }
  }

  private static Problem problem(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Problem(
        "pull_failed", message, "What was fetched is kept: getting it again goes on there.", null);
  }

  void cancel(Call call) {
    Pull pull = find(call.path("id"));
    cancel(pull);
    tell(pull);
    call.json(Wire.json(pull.card()));
  }

  private void cancel(Pull pull) {
    pull.end("cancelled", null);
    Thread thread = threads.get(pull.id());
    if (thread != null) {
      thread.interrupt();
    }
  }

  void delete(Call call) {
    Pull pull = find(call.path("id"));
    if (pull.isRunning()) {
      throw new Refusal(409, "in_use", pull.name() + " is being fetched", "Cancel it first.");
    }
    synchronized (this) {
      pulls.remove(pull.id());
    }
    told.remove(pull.id());
    events.tell("pull", Wire.json(pull.card("dismissed")));
    call.nothing(204);
  }

  private void tell(Pull pull) {
    Pull.Card card = pull.card();
    if (!card.equals(told.put(pull.id(), card))) {
      events.tell("pull", Wire.json(card));
    }
  }

  /** Tells of what has changed since the last time. */
  void tick() {
    all().stream().filter(Pull::isRunning).forEach(this::tell);
  }

  /** Stops all; what was fetched is kept. */
  void end() {
    all().forEach(this::cancel);
  }
}
