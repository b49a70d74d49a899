package dev.hadal.chat.dialect;

/** How a model family writes what is not plain content. */
public interface Dialect {
  String name();

  /** A parser for one reply. */
  StreamParser parser(ReplyContext context);
}
