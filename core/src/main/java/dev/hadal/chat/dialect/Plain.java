package dev.hadal.chat.dialect;

import java.util.List;

/** No marks at all: everything is content, as it is. */
final class Plain implements Dialect {
  @Override
  public String name() {
    return "plain";
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new StreamParser() {
      @Override
      public List<Event> accept(String piece) {
        return piece.isEmpty() ? List.of() : List.of(new Event.Content(piece));
      }

      @Override
      public List<Event> finish() {
        return List.of();
      }
    };
  }
}
