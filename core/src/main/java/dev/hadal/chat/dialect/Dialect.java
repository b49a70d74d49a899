package dev.hadal.chat.dialect;

import java.util.Optional;

/** How a model family writes what is not plain content. */
public interface Dialect {
  String name();

  /** How a call is written; empty if this dialect has no calls of its own. */
  default Optional<CallFrame> callFrame() {
    return Optional.empty();
  }

  /** A parser for one reply. */
  StreamParser parser(ReplyContext context);
}
