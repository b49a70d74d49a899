package dev.hadal.langchain4j;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.dialect.Event;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chat with a model in this JVM:
 *
 * <pre>{@code
 * try (Hadal hadal = Hadal.load(Path.of("model.gguf"))) {
 *   ChatModel model = HadalChatModel.of(hadal);
 *   System.out.println(model.chat("Why is the sea blue?"));
 * }
 * }</pre>
 *
 * <p>Tools, a required tool, JSON and JSON Schema as response format (the answer is held to it
 * token by token), thinking, and every sampling parameter of LangChain4j are served; {@link
 * HadalChatRequestParameters} has more. What is not is an {@link
 * dev.langchain4j.exception.UnsupportedFeatureException} that names it. Whoever opened the model
 * closes it. Safe to use from any thread.
 */
public final class HadalChatModel implements ChatModel {
  private final Hadal hadal;
  private final HadalChatRequestParameters parameters;
  private final List<ChatModelListener> listeners;

  private HadalChatModel(
      Hadal hadal, HadalChatRequestParameters parameters, List<ChatModelListener> listeners) {
    this.hadal = hadal;
    this.parameters = parameters;
    this.listeners = List.copyOf(listeners);
  }

  /** With the model's own sampling. */
  public static HadalChatModel of(Hadal hadal) {
    return new HadalChatModel(hadal, HadalChatRequestParameters.NONE, List.of());
  }

  /** The same with parameters for requests that say nothing else. */
  public HadalChatModel withParameters(ChatRequestParameters value) {
    return new HadalChatModel(hadal, parameters.overrideWith(value), listeners);
  }

  /** The same with listeners, who are told of every request, answer and failure. */
  public HadalChatModel withListeners(ChatModelListener... value) {
    return new HadalChatModel(hadal, parameters, List.of(value));
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    try (ChatStream stream = Wish.of(request, hadal.sampling()).open(hadal)) {
      Reply reply = new Reply();
      for (Optional<Event> next = stream.next(); next.isPresent(); next = stream.next()) {
        reply.add(next.get());
      }
      return reply.response(hadal, stream);
    } catch (RuntimeException e) {
      throw Failures.translated(e);
    }
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return parameters;
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
