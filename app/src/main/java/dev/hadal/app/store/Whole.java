package dev.hadal.app.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conversation with its messages, in order of creation. */
public record Whole(Conversation conversation, List<Message> messages) {
  public Whole {
    messages = List.copyOf(messages);
  }

  /** The messages from the first to one of them; all of them are in the tree. */
  public List<Message> path(@Nullable String leaf) {
    Map<String, Message> byId = new HashMap<>();
    messages.forEach(m -> byId.put(m.id(), m));
    List<Message> path = new ArrayList<>();
    for (Message m = byId.get(leaf); m != null && path.size() <= messages.size(); ) {
      path.add(m);
      m = m.parent() == null ? null : byId.get(m.parent());
    }
    return path.reversed();
  }
}
