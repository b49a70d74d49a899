package dev.hadal.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * As {@link HadalChatModel}, telling the answer as it comes. Each answer is read by a virtual
 * thread of its own, which calls the handler; the handle it gives with every piece stops the model.
 * A tool call is told once, whole.
 */
public final class HadalStreamingChatModel implements StreamingChatModel {
  private final Hadal hadal;
  private final HadalChatRequestParameters parameters;
  private final List<ChatModelListener> listeners;

  private HadalStreamingChatModel(
      Hadal hadal, HadalChatRequestParameters parameters, List<ChatModelListener> listeners) {
    this.hadal = hadal;
    this.parameters = parameters;
    this.listeners = List.copyOf(listeners);
  }

  /** With the model's own sampling. */
  public static HadalStreamingChatModel of(Hadal hadal) {
    return new HadalStreamingChatModel(hadal, HadalChatRequestParameters.NONE, List.of());
  }

  /** The same with parameters for requests that say nothing else. */
  public HadalStreamingChatModel withParameters(ChatRequestParameters value) {
    return new HadalStreamingChatModel(hadal, parameters.overrideWith(value), listeners);
  }

  /** The same with listeners, who are told of every request, answer and failure. */
  public HadalStreamingChatModel withListeners(ChatModelListener... value) {
    return new HadalStreamingChatModel(hadal, parameters, List.of(value));
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Thread.ofVirtual().name("hadal-answer").start(() -> answer(request, handler));
  }

  private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
    try (ChatStream stream = Wish.of(request, hadal.sampling()).open(hadal)) {
      Handle handle = new Handle(stream);
      Reply reply = new Reply();
      Optional<Event> next = stream.next();
      while (next.isPresent() && !handle.isCancelled()) {
        reply.add(next.get());
        tell(next.get(), handler, handle);
        next = stream.next();
      }
      if (!handle.isCancelled()) {
        onCompleteResponse(handler, reply.response(hadal, stream));
      }
    } catch (RuntimeException e) {
      withLoggingExceptions(() -> handler.onError(Failures.translated(e)));
    }
  }

  private static void tell(Event event, StreamingChatResponseHandler handler, Handle handle) {
    switch (event) {
      case Event.Content(String text) -> onPartialResponse(handler, text, handle);
      case Event.Thinking(String text) -> onPartialThinking(handler, text, handle);
      case Event.ToolCall(int index, ToolCall call) ->
          onCompleteToolCall(handler, new CompleteToolCall(index, Reply.request(call)));
    }
  }

  /** Stops an answer from any thread; nothing more is told of it. */
  private static final class Handle implements StreamingHandle {
    private final ChatStream stream;
    private volatile boolean cancelled;

    Handle(ChatStream stream) {
      this.stream = stream;
    }

    @Override
    public void cancel() {
      cancelled = true;
      stream.close();
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
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
