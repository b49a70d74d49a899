package dev.hadal.chat.dialect;

import java.util.List;

/**
 * Takes one reply apart as it arrives. The text must come with its special tokens' text, without
 * the end token; how it is cut into pieces changes nothing but how early an event comes.
 *
 * <p>Whitespace around thinking, and between content and tool calls, is dropped. A call that cannot
 * be read becomes content, tags included, so that nothing a model says is lost.
 */
public interface StreamParser {
  /** The events that are certain after this piece. */
  List<Event> accept(String piece);

  /** What was held back, once the reply has ended. The parser is spent then. */
  List<Event> finish();
}
