package dev.hadal.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation, in the words of the OpenAI API.
 *
 * <p>It keeps the fields as they were given, unknown ones too, because templates look at fields
 * that no list of ours would know; the accessors are views of the common ones.
 *
 * @param fields by name: role, content (text or parts), reasoning_content, tool_calls, ...
 */
public record Message(Map<String, ? extends @Nullable Object> fields) {
  public Message {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    if (!(fields.get("role") instanceof String)) {
      throw new IllegalArgumentException(
          "a message without a role: "
              + fields.keySet()
              + "; give system, user, assistant or tool");
    }
  }

  /** A message of plain text. */
  public static Message of(String role, String content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    fields.put("content", content);
    return new Message(fields);
  }

  public static Message system(String content) {
    return of("system", content);
  }

  public static Message user(String content) {
    return of("user", content);
  }

  public static Message assistant(String content) {
    return of("assistant", content);
  }

  /** An assistant's answer with what it thought before and the tools it wants called. */
  public static Message assistant(String content, String reasoning, List<ToolCall> toolCalls) {
    Message message = assistant(content);
    if (!reasoning.isEmpty()) {
      message = message.with("reasoning_content", reasoning);
    }
    return toolCalls.isEmpty()
        ? message
        : message.with("tool_calls", toolCalls.stream().map(ToolCall::fields).toList());
  }

  /** A tool's result. */
  public static Message tool(String toolCallId, String name, String content) {
    return of("tool", content).with("tool_call_id", toolCallId).with("name", name);
  }

  /** The same message with one field set. */
  public Message with(String field, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
    changed.put(field, value);
    return new Message(changed);
  }

  public String role() {
    return text("role");
  }

  /** The text of the content; of parts, that of the text parts; empty when there is none. */
  public String content() {
    if (!(fields.get("content") instanceof List<?> parts)) {
      return text("content");
    }
    StringBuilder joined = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
        joined.append(text);
      } else if (part instanceof String text) {
        joined.append(text);
      }
    }
    return joined.toString();
  }

  /** Whether the content is a list of parts. */
  public boolean hasParts() {
    return fields.get("content") instanceof List;
  }

  /** What the assistant thought, or the empty text. */
  public String reasoningContent() {
    return text("reasoning_content");
  }

  public List<ToolCall> toolCalls() {
    List<ToolCall> calls = new ArrayList<>();
    if (fields.get("tool_calls") instanceof List<?> list) {
      for (Object call : list) {
        if (call instanceof Map<?, ?> map) {
          calls.add(ToolCall.of(map));
        }
      }
    }
    return calls;
  }

  public String toolCallId() {
    return text("tool_call_id");
  }

  public String name() {
    return text("name");
  }

  private String text(String field) {
    return fields.get(field) instanceof String text ? text : "";
  }
}
