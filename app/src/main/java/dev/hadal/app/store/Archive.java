package dev.hadal.app.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Conversations as a JSON file that goes from one Hadal to another. */
public final class Archive {
  private static final String FORMAT = "hadal-conversations";
  private static final int VERSION = 1;

  private Archive() {}

  /** The file's content. */
  public static ObjectNode of(List<Whole> conversations) {
    ObjectNode file = JsonMapper.shared().createObjectNode();
    file.put("format", FORMAT).put("version", VERSION);
    var all = file.putArray("conversations");
    conversations.forEach(c -> all.add(json(c)));
    return file;
  }

  /** A conversation with its messages in it. */
  public static ObjectNode json(Whole whole) {
    ObjectNode json = Wire.json(whole.conversation());
    json.set("messages", Wire.node(whole.messages()));
    return json;
  }

  /**
   * Reads what {@link #of} made, or anything that has a title and messages with id, parent, role
   * and content.
   *
   * @param now the time of what has none
   * @throws IllegalArgumentException if it is something else; the message says where and what
   */
  public static List<Whole> read(JsonNode file, long now) {
    JsonNode format = file.path("format");
    if (!file.isObject() || !(format.isMissingNode() || format.asString("").equals(FORMAT))) {
      throw wrong("format", format, "\"" + FORMAT + "\", as an export of Hadal has it");
    }
    JsonNode version = file.path("version");
    if (!version.isMissingNode() && version.asInt(0) != VERSION) {
      throw wrong("version", version, VERSION + "; a newer Hadal may read it");
    }
    JsonNode all = file.path("conversations");
    if (!all.isArray()) {
      throw wrong("conversations", all, "a list, as an export of Hadal has it");
    }
    List<Whole> read = new ArrayList<>();
    for (JsonNode one : all.values()) {
      read.add(new Reading("conversations[" + read.size() + "]", one, now).whole());
    }
    return read;
  }

  private static IllegalArgumentException wrong(String where, JsonNode found, String expected) {
    String shown =
        found.isMissingNode()
            ? "missing"
            : found.isContainer() ? (found.isArray() ? "a list" : "an object") : found.toString();
    return new IllegalArgumentException(
        "%s is %s; expected %s"
            .formatted(
                where, shown.length() > 80 ? shown.substring(0, 80) + "..." : shown, expected));
  }

  /** One conversation of a file, with its place in it. */
  private record Reading(String where, JsonNode json, long now) {
    Whole whole() {
      if (!json.isObject()) {
        throw wrong(where, json, "an object");
      }
      JsonNode list = json.path("messages");
      if (!list.isArray()) {
        throw wrong(where + ".messages", list, "a list");
      }
      List<Message> messages = new ArrayList<>();
      for (JsonNode one : list.values()) {
        messages.add(new Reading(where + ".messages[" + messages.size() + "]", one, now).message());
      }
      checkTree(messages);
      String leaf = optional("leaf");
      boolean known = messages.stream().anyMatch(m -> m.id().equals(leaf));
      long created = time("created");
      return new Whole(
          new Conversation(
              "",
              title(text("title")),
              flag("pinned", false),
              created,
              Math.max(created, time("updated")),
              optional("model"),
              known ? leaf : messages.isEmpty() ? null : messages.getLast().id(),
              false,
              messages.size(),
              null,
              json.path("system").isMissingNode() ? "" : text("system"),
              json.hasNonNull("thinking") ? Boolean.valueOf(flag("thinking", false)) : null,
              Objects.requireNonNullElse(record("sampling", Sampling.class), Sampling.DEFAULT)),
          messages);
    }

    private static String title(String text) {
      String line = text.replaceAll("\\s+", " ").strip();
      return line.length() > 500 ? line.substring(0, 500) : line;
    }

    private Message message() {
      if (!json.isObject()) {
        throw wrong(where, json, "an object");
      }
      String role = text("role");
      if (!role.equals("user") && !role.equals("assistant")) {
        throw wrong(where + ".role", json.path("role"), "\"user\" or \"assistant\"");
      }
      boolean user = role.equals("user");
      String state = json.hasNonNull("state") ? text("state") : "done";
      if (!Set.of("running", "done", "stopped", "error").contains(state)) {
        throw wrong(where + ".state", json.path("state"), "done, stopped or error");
      }
      Attachment[] attachments = record("attachments", Attachment[].class);
      if (attachments != null) {
        for (Attachment a : attachments) {
          if (a == null || a.name() == null || a.type() == null || a.text() == null) {
            throw wrong(
                where + ".attachments", json.path("attachments"), "objects with name, type, text");
          }
        }
      }
      return new Message(
          text("id"),
          null,
          optional("parent"),
          role,
          time("created"),
          text("content"),
          json.hasNonNull("thinking") ? text("thinking") : "",
          attachments == null ? List.of() : List.of(attachments),
          user ? null : optional("model"),
          user || state.equals("running") ? "done" : state,
          null,
          null,
          user ? null : optional("finish_reason"),
          record("error", Problem.class),
          json.path("thinking_ms").isNumber() ? json.path("thinking_ms").asLong() : null,
          record("usage", Usage.class),
          record("timings", Timings.class));
    }

    private String text(String field) {
      JsonNode node = json.path(field);
      if (!node.isString()) {
        throw wrong(where + "." + field, node, "text");
      }
      return node.stringValue();
    }

    private @Nullable String optional(String field) {
      return json.hasNonNull(field) ? text(field) : null;
    }

    private boolean flag(String field, boolean otherwise) {
      JsonNode node = json.path(field);
      if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
        throw wrong(where + "." + field, node, "true or false");
      }
      return node.asBoolean(otherwise);
    }

    private long time(String field) {
      JsonNode node = json.path(field);
      if (node.isMissingNode() || node.isNull()) {
        return now;
      }
      if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
        throw wrong(where + "." + field, node, "milliseconds since 1970");
      }
      return node.asLong();
    }

    private <T> @Nullable T record(String field, Class<T> type) {
      if (!json.hasNonNull(field)) {
        return null;
      }
      try {
        return Wire.read(json.path(field), type);
      } catch (JacksonException e) {
        throw wrong(where + "." + field, json.path(field), "the form that an export has");
      }
    }

    /** Every parent is there, and nobody is their own ancestor. */
    private void checkTree(List<Message> messages) {
      Map<String, @Nullable String> parents = new HashMap<>();
      for (Message m : messages) {
        if (parents.containsKey(m.id())) {
          throw new IllegalArgumentException(
              where + ".messages: two have the id '" + m.id() + "'; expected one each");
        }
        parents.put(m.id(), m.parent());
      }
      Set<String> rooted = new HashSet<>();
      for (Message m : messages) {
        Set<String> path = new HashSet<>();
        for (String id = m.id(); id != null && !rooted.contains(id); id = parents.get(id)) {
          if (!parents.containsKey(id)) {
            throw new IllegalArgumentException(
                where
                    + ".messages: '"
                    + id
                    + "' is a parent and not there; expected null or one of them");
          }
          if (!path.add(id)) {
            throw new IllegalArgumentException(
                where + ".messages: '" + id + "' is its own ancestor; expected a tree");
          }
        }
        rooted.addAll(path);
      }
    }
  }
}
