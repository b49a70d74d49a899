package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.store.Archive;
import dev.hadal.app.store.Conversation;
import dev.hadal.app.store.Conversations;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Settings;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.Whole;
import dev.hadal.app.store.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The conversations: list, search, make, change, put away. */
final class Talks {
  private final Store store;
  private final Events events;
  private final Answering answering;
  private final Shelf shelf;

  Talks(Store store, Events events, Answering answering, Shelf shelf) {
    this.store = store;
    this.events = events;
    this.answering = answering;
    this.shelf = shelf;
  }

  void list(Call call) {
    int limit = Asked.limit(call.query("limit"));
    String before = call.query("before").orElse("");
    String query = call.query("query").orElse("");
    ObjectNode answer = Wire.object();
    ArrayNode all = answer.putArray("conversations");
    if (query.isBlank()) {
      Conversations.Listing listing = store.conversations().list(limit, before);
      listing.conversations().forEach(c -> all.add(Wire.json(c)));
      answer.put("next", listing.next());
    } else {
      Conversations.Found found = store.conversations().search(query, limit, before);
      for (Conversations.Hit hit : found.hits()) {
        ObjectNode one = Wire.json(hit.conversation());
        one.set("match", Wire.json(hit.match()));
        all.add(one);
      }
      answer.put("next", found.next());
    }
    call.json(answer);
  }

  void create(Call call) {
    Fields fields = call.fields();
    Conversation made =
        store
            .conversations()
            .add(
                Conversation.begun(
                    System.currentTimeMillis(),
                    Asked.title(fields).orElse(""),
                    model(fields).or(shelf::first).orElse(null),
                    fields.text("preset").orElse(null),
                    Asked.settings(fields, Settings.DEFAULT)));
    call.json(201, told(made));
  }

  /** The model a request names, by its own name; it has to be there. */
  private Optional<String> model(Fields fields) {
    return fields.text("model").map(name -> shelf.card(name).name());
  }

  private ObjectNode told(Conversation conversation) {
    ObjectNode json = Wire.json(conversation);
    events.tell("conversation", json);
    return json;
  }

  Conversation find(String id) {
    return store.conversations().find(id).orElseThrow(() -> Refusal.unknown("conversation", id));
  }

  void get(Call call) {
    Whole whole = whole(find(call.path("id")));
    call.json(Archive.json(whole));
  }

  /** With what its running answers have so far. */
  Whole whole(Conversation conversation) {
    List<Message> messages = new ArrayList<>();
    for (Message m : store.messages().of(conversation.id())) {
      messages.add(m.isRunning() ? current(m) : m);
    }
    return new Whole(conversation, messages);
  }

  private Message current(Message running) {
    return answering
        .find(running.id())
        .map(Answer::now)
        .or(() -> store.messages().find(running.id())) // it has ended meanwhile
        .orElse(running);
  }

  void change(Call call) {
    String id = call.path("id");
    find(id);
    Fields fields = call.fields();
    Optional<String> title = Asked.title(fields);
    Optional<Boolean> pinned = fields.flag("pinned");
    Optional<String> model = model(fields);
    boolean moves = fields.json().has("leaf");
    @Nullable String leaf = fields.text("leaf").orElse(null);
    if (leaf != null) {
      checkMessage(id, leaf);
    }
    boolean follows = fields.json().has("preset");
    @Nullable String preset = fields.text("preset").orElse(null);
    Asked.settings(fields, Settings.DEFAULT);
    Conversation changed =
        store
            .conversations()
            .change(
                id,
                c -> {
                  Conversation now =
                      c.withSettings(
                          follows ? preset : c.preset(), Asked.settings(fields, c.settings()));
                  now = title.isPresent() ? now.withTitle(title.get(), time()) : now;
                  now = pinned.isPresent() ? now.withPinned(pinned.get()) : now;
                  now = model.isPresent() ? now.withModel(model.get()) : now;
                  return moves ? now.withLeaf(leaf) : now;
                })
            .orElseThrow(() -> Refusal.unknown("conversation", id));
    call.json(told(changed));
  }

  private static long time() {
    return System.currentTimeMillis();
  }

  /** A message of this conversation. */
  Message checkMessage(String conversation, String message) {
    return store
        .messages()
        .find(message)
        .filter(m -> conversation.equals(m.conversation()))
        .orElseThrow(() -> Refusal.unknown("message", message));
  }

  void delete(Call call) {
    String id = call.path("id");
    if (!store.conversations().delete(id)) {
      throw Refusal.unknown("conversation", id);
    }
    events.tell("conversation_removed", Wire.object().put("id", id));
    answering.stop(id);
    call.nothing(204);
  }

  void restore(Call call) {
    String id = call.path("id");
    Conversation restored =
        store.conversations().restore(id).orElseThrow(() -> Refusal.unknown("conversation", id));
    call.json(told(restored));
  }
}
