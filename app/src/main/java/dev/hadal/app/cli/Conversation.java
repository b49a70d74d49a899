package dev.hadal.app.cli;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was said, and the system message above it. Saved as OpenAI messages. */
final class Conversation {
  private @Nullable String system;
  private final List<Message> turns = new ArrayList<>();

  Conversation(@Nullable String system) {
    this.system = system;
  }

  Conversation copy() {
    Conversation copy = new Conversation(system);
    copy.turns.addAll(turns);
    return copy;
  }

  @Nullable String system() {
    return system;
  }

  /** Sets the system message; null for none. */
  void system(@Nullable String text) {
    system = text;
  }

  void add(Message message) {
    turns.add(message);
  }

  void clear() {
    turns.clear();
  }

  int size() {
    return turns.size();
  }

  /** Takes the last message away. */
  void dropLast() {
    turns.removeLast();
  }

  /** Takes the last answer away, so that its question is the last message; false without one. */
  boolean dropAnswer() {
    int question = turns.size() - 1;
    while (question >= 0 && !turns.get(question).role().equals("user")) {
      question--;
    }
    if (question < 0) {
      return false;
    }
    turns.subList(question + 1, turns.size()).clear();
    return true;
  }

  /** Takes the oldest turn away, question and answer; false when only the last question is left. */
  boolean dropOldest() {
    for (int i = 1; i < turns.size(); i++) {
      if (turns.get(i).role().equals("user")) {
        turns.subList(0, i).clear();
        return true;
      }
    }
    return false;
  }

  ChatRequest request(Map<String, Object> variables) {
    ChatRequest request = ChatRequest.of(messages());
    for (Map.Entry<String, Object> variable : variables.entrySet()) {
      request = request.withVariable(variable.getKey(), variable.getValue());
    }
    return request;
  }

  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(Message.system(system));
    }
    messages.addAll(turns);
    return messages;
  }

  void save(Path file) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("messages", messages().stream().map(Message::fields).toList());
    Files.write(
        file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(object));
  }

  /**
   * Replaces all by what a file holds: a list of messages, or an object with one.
   *
   * @throws IllegalArgumentException if it holds none
   */
  void load(Path file) throws IOException {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + ": this is no saved conversation; " + e.getOriginalMessage(), e);
    }
    JsonNode object =
        json.isArray() ? JsonMapper.shared().createObjectNode().set("messages", json) : json;
    List<Message> messages = new ArrayList<>(ChatRequest.fromJson(object).messages());
    system = null;
    if (!messages.isEmpty() && messages.getFirst().role().equals("system")) {
      system = messages.removeFirst().content();
    }
    turns.clear();
    turns.addAll(messages);
  }
}
