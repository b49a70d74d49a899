package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.store.Attachment;
import dev.hadal.app.store.Comparison;
import dev.hadal.app.store.Conversation;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Settings;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.Whole;
import dev.hadal.app.store.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Sending, editing, answering again: an answer is made here and goes on without the page. */
final class Asks {
  private final Store store;
  private final Events events;
  private final Answering answering;
  private final Shelf shelf;
  private final Talks talks;

  Asks(Store store, Events events, Answering answering, Shelf shelf, Talks talks) {
    this.store = store;
    this.events = events;
    this.answering = answering;
    this.shelf = shelf;
    this.talks = talks;
  }

  void ask(Call call) {
    String id = call.path("id");
    Conversation conversation = talks.find(id);
    Fields fields = call.fields();
    @Nullable String parent = fields.text("parent").orElse(null);
    Optional<String> content = fields.text("content");
    List<Attachment> attachments = Asked.attachments(fields);
    Settings settings = Asked.settings(fields, conversation.settings());
    String model = model(fields, conversation);
    Message above = parent == null ? null : talks.checkMessage(id, parent);
    if (content.isEmpty() && (above == null || !above.isUser())) {
      throw fields.wrong("content", "text; only below a user's message may it be null");
    }
    if (content.filter(String::isBlank).isPresent() && attachments.isEmpty()) {
      throw fields.wrong("content", "something to answer");
    }
    answering.checkRoom(model);

    long now = System.currentTimeMillis();
    List<Message> added = new ArrayList<>();
    content.ifPresent(text -> added.add(Message.user(id, parent, now, text, attachments)));
    Message user = added.isEmpty() ? null : added.getFirst();
    Message begun = Message.answer(id, user == null ? parent : user.id(), now, model);
    added.add(begun);
    List<Message> path =
        new ArrayList<>(new Whole(conversation, store.messages().of(id)).path(parent));
    if (user != null) {
      path.add(user);
    }
    Answer answer =
        answering.prepare(begun, new Plan(model, path, settings, false, () -> null, ended -> {}));
    Conversation changed =
        store
            .messages()
            .add(
                id,
                added,
                c ->
                    titled(c, content.orElse(""), attachments)
                        .withModel(model)
                        .withLeaf(begun.id())
                        .touched(now))
            .orElseThrow(() -> Refusal.unknown("conversation", id));
    if (user != null) {
      events.tell("message", Wire.json(user));
    }
    ObjectNode json = Wire.object();
    json.set("user", user == null ? null : Wire.json(user));
    json.set("answer", Wire.json(answer.now()));
    json.set("conversation", Wire.json(changed));
    events.tell("conversation", Wire.json(changed));
    answering.start(answer);
    call.json(202, json);
  }

  private String model(Fields fields, Conversation conversation) {
    return fields
        .text("model")
        .or(() -> Optional.ofNullable(conversation.model()))
        .or(shelf::first)
        .map(name -> shelf.card(name).name())
        .orElseThrow(() ->
            new Refusal(404, "unknown_model", "there is no model yet", "Get one under Models."));
  }

  /** The first line of the first message names a conversation that nobody has named. */
  private static Conversation titled(Conversation c, String content, List<Attachment> attachments) {
    if (!c.title().isEmpty()) {
      return c;
    }
    String text =
        content.isBlank() && !attachments.isEmpty() ? attachments.getFirst().name() : content;
    String line = text.strip().lines().findFirst().orElse("").replaceAll("\\s+", " ").strip();
    int end = Math.min(60, line.length());
    if (end < line.length() && Character.isLowSurrogate(line.charAt(end))) {
      end--;
    }
    return c.withTitle(line.substring(0, end), c.updated());
  }

  void stop(Call call) {
    String id = call.path("id");
    Optional<Message> stopped = answering.find(id).map(Answer::stop);
    Message message =
        stopped
            .or(() -> store.messages().find(id).map(this::shown))
            .orElseThrow(() -> Refusal.unknown("message", id));
    call.json(Wire.json(message));
  }

  private Message shown(Message message) {
    boolean blind =
        message.conversation() == null
            && store.comparisons().ofAnswer(message.id()).filter(Comparison::isOpen).isEmpty();
    return blind ? message.withModel(null) : message;
  }
}
