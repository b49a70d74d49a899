package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.store.Comparison;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Settings;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.Wire;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Comparisons: one prompt, two models side by side, a vote. */
final class Duels {
  private static final String[] CATEGORIES = {
    "general", "writing", "code", "math", "reasoning", "knowledge", "translation", "other"
  };

  private final Store store;
  private final Events events;
  private final Answering answering;
  private final Shelf shelf;

  Duels(Store store, Events events, Answering answering, Shelf shelf) {
    this.store = store;
    this.events = events;
    this.answering = answering;
    this.shelf = shelf;
  }

  void create(Call call) {
    Fields fields = call.fields();
    String prompt = fields.requiredText("prompt");
    List<String> asked = fields.texts("models");
    if (asked.size() != 2) {
      throw fields.wrong("models", "two names");
    }
    if (prompt.isBlank()) {
      throw fields.wrong("prompt", "something to answer");
    }
    boolean blind = fields.flag("blind", false);
    boolean turned = blind && ThreadLocalRandom.current().nextBoolean();
    String a = shelf.card(asked.get(turned ? 1 : 0)).name();
    String b = shelf.card(asked.get(turned ? 0 : 1)).name();
    Settings settings = Asked.settings(fields, Settings.DEFAULT);
    answering.checkRoom(a);
    answering.checkRoom(b);

    long now = System.currentTimeMillis();
    Message answerA = Message.answer(null, null, now, a);
    Message answerB = Message.answer(null, null, now, b);
    Comparison made =
        new Comparison(
            Wire.id("x"),
            now,
            prompt,
            Asked.attachments(fields),
            settings.system(),
            settings.sampling(),
            category(fields),
            blind,
            a,
            b,
            answerA.id(),
            answerB.id(),
            null);
    begin(made, settings, answerA, answerB);
    call.json(202, json(made, null));
  }

  private void begin(Comparison made, Settings settings, Message a, Message b) {
    Message user = Message.user("", null, made.created(), made.prompt(), made.attachments());
    AtomicReference<Plan.@Nullable Rival> other = new AtomicReference<>();
    Answer first =
        answering.prepare(
            a,
            new Plan(
                made.modelA(),
                List.of(user),
                settings,
                made.blind(),
                other::get,
                m -> ended(made.id(), m)));
    Answer second =
        answering.prepare(
            b,
            new Plan(
                made.modelB(),
                List.of(user),
                settings,
                made.blind(),
                () -> first,
                m -> ended(made.id(), m)));
    store.comparisons().add(made, a, b);
    other.set(second);
    answering.start(first);
    answering.start(second);
    events.tell("comparison", json(made, ""));
  }

  private static String category(Fields fields) {
    return fields.oneOf("category", CATEGORIES).orElse("general");
  }

  private void ended(String id, Message answer) {
    store.comparisons().find(id).ifPresent(c -> events.tell("comparison", json(c, answer.id())));
  }

  private Comparison find(String id) {
    return store.comparisons().find(id).orElseThrow(() -> Refusal.unknown("comparison", id));
  }

  /**
   * As the page takes it.
   *
   * @param whole the answer whose text is in it, others being without; null for both
   */
  private ObjectNode json(Comparison c, @Nullable String whole) {
    ObjectNode json = Wire.object().put("id", c.id()).put("created", c.created());
    json.put("prompt", c.prompt());
    json.set("attachments", Wire.node(c.attachments()));
    json.put("system", c.system());
    json.set("sampling", Wire.json(c.sampling()));
    json.put("category", c.category()).put("blind", c.blind());
    ArrayNode sides = json.putArray("sides");
    side(sides.addObject(), "a", c, c.modelA(), c.answerA(), whole);
    side(sides.addObject(), "b", c, c.modelB(), c.answerB(), whole);
    Comparison.Vote vote = c.vote();
    json.set("vote", vote == null ? null : Wire.json(vote));
    return json;
  }

  private void side(
      ObjectNode side, String name, Comparison c, String model, String id, @Nullable String whole) {
    @Nullable String shown = c.isOpen() ? model : null;
    Message answer = answer(id);
    side.put("side", name).put("model", shown);
    boolean bare = whole != null && !whole.equals(id);
    side.set("answer", Wire.json((bare ? answer.withText("", "") : answer).withModel(shown)));
  }

  private Message answer(String id) {
    return answering
        .find(id)
        .map(Answer::now)
        .or(() -> store.messages().find(id))
        .orElseThrow(() -> Refusal.unknown("message", id));
  }

  void list(Call call) {
    ObjectNode answer = Wire.object();
    ArrayNode all = answer.putArray("comparisons");
    store.comparisons().list(Asked.limit(call.query("limit"))).forEach(c -> all.add(json(c, null)));
    answer.set("tally", Wire.node(store.comparisons().tally()));
    call.json(answer);
  }

  void get(Call call) {
    call.json(json(find(call.path("id")), null));
  }

  void vote(Call call) {
    Comparison c = find(call.path("id"));
    Fields fields = call.fields();
    Optional<String> winner = fields.oneOf("winner", "a", "b", "tie", "both_bad");
    String category = fields.oneOf("category", CATEGORIES).orElse(c.category());
    if (winner.isEmpty()) {
      throw fields.wrong("winner", "one of a, b, tie, both_bad");
    }
    if (answering.find(c.answerA()).isPresent() || answering.find(c.answerB()).isPresent()) {
      throw new Refusal(
          409, "already_running", "an answer still runs", "Vote when both have ended.");
    }
    long now = System.currentTimeMillis();
    if (!store.comparisons().vote(c.id(), new Comparison.Vote(winner.get(), category, now))) {
      throw new Refusal(409, "already_voted", "this one has its vote", null);
    }
    Comparison voted = find(c.id());
    events.tell("comparison", json(voted, ""));
    call.json(json(voted, null));
  }

  void delete(Call call) {
    Comparison c = find(call.path("id"));
    answering.find(c.answerA()).ifPresent(Answer::stop);
    answering.find(c.answerB()).ifPresent(Answer::stop);
    store.comparisons().remove(c.id());
    call.nothing(204);
  }

  void export(Call call) {
    StringBuilder lines = new StringBuilder();
    for (Comparison c : store.comparisons().voted()) {
      Comparison.Vote vote = c.vote();
      lines
          .append(
              Wire.object()
                  .put("prompt", c.prompt())
                  .put("category", c.category())
                  .put("system", c.system())
                  .put("model_a", c.modelA())
                  .put("model_b", c.modelB())
                  .put("answer_a", answer(c.answerA()).content())
                  .put("answer_b", answer(c.answerB()).content())
                  .put("winner", vote == null ? null : vote.winner())
                  .put("blind", c.blind())
                  .put("created", c.created()))
          .append('\n');
    }
    Exports.send(call, "votes.jsonl", "application/jsonl", lines.toString());
  }
}
