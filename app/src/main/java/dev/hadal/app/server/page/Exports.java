package dev.hadal.app.server.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.store.Archive;
import dev.hadal.app.store.Conversation;
import dev.hadal.app.store.Markdown;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.Whole;
import dev.hadal.app.store.Wire;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conversations as files, out and in. */
final class Exports {
  private final Store store;
  private final Events events;
  private final Talks talks;

  Exports(Store store, Events events, Talks talks) {
    this.store = store;
    this.events = events;
    this.talks = talks;
  }

  void one(Call call) {
    Whole whole = talks.whole(talks.find(call.path("id")));
    String title = whole.conversation().title();
    String name =
        title.isBlank() ? "conversation" : title.replaceAll("[\\p{Cntrl}/\\\\:*?\"<>|]", "_");
    switch (call.query("format").orElse("json")) {
      case "json" ->
          send(call, name + ".json", "application/json", Archive.of(List.of(whole)).toString());
      case "markdown" ->
          send(call, name + ".md", "text/markdown; charset=utf-8", Markdown.of(whole));
      default -> throw new Refusal(400, "bad_request", "format is neither json nor markdown", null);
    }
  }

  void all(Call call) {
    List<Whole> all = store.conversations().all().stream().map(talks::whole).toList();
    send(call, "hadal.json", "application/json", Archive.of(all).toString());
  }

  static void send(Call call, String name, String type, String text) {
    call.answerHeader(
        "Content-Disposition",
        "attachment; filename*=UTF-8''" + URLEncoder.encode(name, UTF_8).replace("+", "%20"));
    call.text(200, type, text);
  }

  void take(Call call) {
    long now = System.currentTimeMillis();
    boolean markdown =
        call.header("Content-Type")
            .orElse("")
            .toLowerCase(java.util.Locale.ROOT)
            .startsWith("text/markdown");
    List<Whole> read =
        markdown
            ? List.of(Markdown.read(text(call.body()), now))
            : Archive.read(call.fields().json(), now);
    for (Whole whole : read) {
      Asked.sampling(Fields.of(Wire.json(whole.conversation().sampling()), "sampling"));
    }
    ObjectNode answer = Wire.object();
    ArrayNode taken = answer.putArray("conversations");
    for (Conversation conversation : store.conversations().take(read)) {
      ObjectNode json = Wire.json(conversation);
      events.tell("conversation", json);
      taken.add(json);
    }
    call.json(201, answer);
  }

  private static String text(byte[] body) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "bad_request", "the file is no text in UTF-8", null);
    }
  }
}
