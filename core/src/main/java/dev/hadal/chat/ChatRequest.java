package dev.hadal.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a prompt is made of.
 *
 * @param addGenerationPrompt whether the prompt ends where the assistant's answer begins
 * @param continueFinalMessage whether the prompt ends inside the last message, to be gone on with
 * @param variables whatever else the template knows, such as {@code enable_thinking}
 */
public record ChatRequest(
    List<Message> messages,
    List<Tool> tools,
    boolean addGenerationPrompt,
    boolean continueFinalMessage,
    Map<String, ? extends @Nullable Object> variables) {
  /** Fields of an OpenAI request that steer sampling or transport and are no template variables. */
  private static final Set<String> NOT_FOR_TEMPLATES =
      Set.of(
          "messages",
          "tools",
          "add_generation_prompt",
          "continue_final_message",
          "chat_template_kwargs",
          "model",
          "stream",
          "stream_options",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "max_tokens",
          "max_completion_tokens",
          "n",
          "stop",
          "seed",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "presence_penalty",
          "frequency_penalty",
          "repetition_penalty",
          "response_format",
          "tool_choice",
          "user",
          "store",
          "metadata");

  public ChatRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    if (addGenerationPrompt && continueFinalMessage) {
      throw new IllegalArgumentException(
          "a prompt either begins a new answer or continues the last message, not both;"
              + " set add_generation_prompt to false");
    }
  }

  /** A request for an answer to these messages. */
  public static ChatRequest of(List<Message> messages) {
    return new ChatRequest(messages, List.of(), true, false, Map.of());
  }

  public static ChatRequest of(Message... messages) {
    return of(List.of(messages));
  }

  public ChatRequest withTools(List<Tool> newTools) {
    return new ChatRequest(
        messages, newTools, addGenerationPrompt, continueFinalMessage, variables);
  }

  /** The same request with one more template variable. */
  public ChatRequest withVariable(String name, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(variables);
    changed.put(name, value);
    return new ChatRequest(messages, tools, addGenerationPrompt, continueFinalMessage, changed);
  }

  /** The same conversation, to be gone on with inside its last message. */
  public ChatRequest continued() {
    return new ChatRequest(messages, tools, false, true, variables);
  }

  /**
   * Reads the JSON of an OpenAI chat request. Fields that no one here knows, and those of {@code
   * chat_template_kwargs}, become template variables.
   *
   * @throws IllegalArgumentException if it has no list of messages
   */
  public static ChatRequest fromJson(JsonNode json) {
    JsonNode messages = json.path("messages");
    if (!messages.isArray()) {
      throw new IllegalArgumentException(
          "a chat request needs 'messages', a list of {\"role\": ..., \"content\": ...}; found "
              + (json.isObject() ? json.propertyNames() : json.getNodeType()));
    }
    List<Message> parsed = new ArrayList<>();
    for (JsonNode message : messages) {
      if (!message.isObject()) {
        throw new IllegalArgumentException(
            "messages[" + parsed.size() + "] is no object but " + message.getNodeType());
      }
      parsed.add(new Message(Json.fields(message)));
    }
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : json.path("tools")) {
      if (!tool.isObject()) {
        throw new IllegalArgumentException(
            "tools[" + tools.size() + "] is no object but " + tool.getNodeType());
      }
      tools.add(new Tool(Json.fields(tool)));
    }
    boolean continued = json.path("continue_final_message").asBoolean(false);
    boolean generation = json.path("add_generation_prompt").asBoolean(!continued);
    return new ChatRequest(parsed, tools, generation, continued, variables(json));
  }

  private static Map<String, @Nullable Object> variables(JsonNode json) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    json.propertyStream()
        .filter(field -> !NOT_FOR_TEMPLATES.contains(field.getKey()))
        .forEach(field -> variables.put(field.getKey(), Json.plain(field.getValue())));
    json.path("chat_template_kwargs")
        .propertyStream()
        .forEach(field -> variables.put(field.getKey(), Json.plain(field.getValue())));
    return variables;
  }
}
