package dev.hadal.langchain4j;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.Tool;
import dev.hadal.engine.SamplingParams;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request of LangChain4j in Hadal's words.
 *
 * @param form what the answer is held to; null for nothing
 * @param mustCall whether it has to be a tool call
 */
record Wish(ChatRequest request, SamplingParams params, @Nullable Grammar form, boolean mustCall) {
  /**
   * @param defaults where the request says nothing
   * @throws UnsupportedFeatureException naming what this adapter does not do
   */
  static Wish of(dev.langchain4j.model.chat.request.ChatRequest request, SamplingParams defaults) {
    ChatRequestParameters asked = request.parameters();
    if (asked.modelName() != null) {
      throw new UnsupportedFeatureException(
          "modelName is '%s'; an opened model answers for itself, so leave modelName out"
              .formatted(asked.modelName()));
    }
    boolean call = asked.toolChoice() == ToolChoice.REQUIRED;
    Grammar form = form(asked.responseFormat());
    boolean held = call || form != null;
    List<Tool> tools =
        asked.toolChoice() == ToolChoice.NONE
            ? List.of()
            : asked.toolSpecifications().stream().map(spec -> tool(spec, held)).toList();
    ChatRequest own = ChatRequest.of(Conversation.of(request.messages())).withTools(tools);
    return new Wish(thinking(own, asked), params(asked, defaults), form, call);
  }

  /** The answer as it comes. */
  ChatStream open(Hadal hadal) {
    if (mustCall) {
      return hadal.call(request, params);
    }
    if (form == null) {
      return hadal.stream(request, params);
    }
    return request.tools().isEmpty()
        ? hadal.stream(request, params, form)
        : hadal.callOrStream(request, params, form);
  }

  private static Tool tool(ToolSpecification spec, boolean held) {
    if (Boolean.TRUE.equals(spec.strict()) && !held) {
      throw new UnsupportedFeatureException(
          "strict is set for the tool '%s'; arguments are held to their schema where toolChoice is REQUIRED or a responseFormat is given"
              .formatted(spec.name()));
    }
    Map<String, Object> parameters =
        spec.parameters() == null
            ? Map.of("type", "object", "properties", Map.of())
            : JsonSchemaElementUtils.toMap(spec.parameters());
    return Tool.function(
        spec.name(), spec.description() == null ? "" : spec.description(), parameters);
  }

  private static @Nullable Grammar form(@Nullable ResponseFormat format) {
    if (format == null || format.type() == ResponseFormatType.TEXT) {
      return null;
    }
    return format.jsonSchema() == null
        ? JsonMode.object()
        : JsonSchema.of(
            JsonMapper.shared()
                .<tools.jackson.databind.JsonNode>valueToTree(
                    JsonSchemaElementUtils.toMap(format.jsonSchema().rootElement())));
  }

  /** Templates know the wish under one of two names. */
  private static ChatRequest thinking(ChatRequest request, ChatRequestParameters asked) {
    return asked instanceof HadalChatRequestParameters own && own.thinking() != null
        ? request
            .withVariable("enable_thinking", own.thinking())
            .withVariable("thinking", own.thinking())
        : request;
  }

  private static SamplingParams params(ChatRequestParameters asked, SamplingParams defaults) {
    SamplingParams params =
        defaults
            .withTemperature(or(asked.temperature(), defaults.temperature()))
            .withTopP(or(asked.topP(), defaults.topP()))
            .withPenalties(
                defaults.repetitionPenalty(),
                or(asked.frequencyPenalty(), defaults.frequencyPenalty()),
                or(asked.presencePenalty(), defaults.presencePenalty()))
            .withStop(asked.stopSequences());
    if (asked.topK() != null) {
      params = params.withTopK(asked.topK());
    }
    if (asked.maxOutputTokens() != null) {
      params = params.withMaxTokens(asked.maxOutputTokens());
    }
    if (asked instanceof HadalChatRequestParameters own) {
      params =
          params
              .withMinP(or(own.minP(), params.minP()))
              .withPenalties(
                  or(own.repetitionPenalty(), params.repetitionPenalty()),
                  params.frequencyPenalty(),
                  params.presencePenalty());
      Long seed = own.seed();
      params = seed == null ? params : params.withSeed(seed);
    }
    return params;
  }

  private static float or(@Nullable Double asked, float otherwise) {
    return asked == null ? otherwise : asked.floatValue();
  }
}
