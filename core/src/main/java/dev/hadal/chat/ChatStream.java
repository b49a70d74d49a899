package dev.hadal.chat;

import dev.hadal.chat.dialect.Event;
import dev.hadal.chat.dialect.StreamParser;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.TextStream;
import dev.hadal.engine.TokenStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * An answer as it comes, told apart into what the model thinks, says and wants called. Reading
 * blocks until there is something. Closing early stops the model. One reader.
 */
public final class ChatStream implements AutoCloseable {
  private final TextStream text;
  private final StreamParser parser;
  private final Deque<Event> ready = new ArrayDeque<>();
  private boolean ended;

  public ChatStream(TextStream text, StreamParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The next event; nothing when the answer has ended. */
  public Optional<Event> next() {
    while (ready.isEmpty() && !ended) {
      Optional<String> piece = text.next();
      ended = piece.isEmpty();
      ready.addAll(ended ? parser.finish() : parser.accept(piece.orElseThrow()));
    }
    return Optional.ofNullable(ready.poll());
  }

  /** Why it ended; empty while it has not. */
  public Optional<FinishReason> finishReason() {
    return text.finishReason();
  }

  /** The tokens behind it, for counts and timings. */
  public TokenStream tokens() {
    return text.tokens();
  }

  @Override
  public void close() {
    text.close();
  }
}
