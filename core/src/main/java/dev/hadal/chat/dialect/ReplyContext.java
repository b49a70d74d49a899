package dev.hadal.chat.dialect;

import dev.hadal.chat.Tool;
import java.util.List;

/**
 * What is known before a reply begins.
 *
 * @param thinking whether the prompt ended inside a thinking block
 * @param tools those offered; a dialect without marks of its own for calls looks for them only then
 */
public record ReplyContext(boolean thinking, List<Tool> tools) {
  public ReplyContext {
    tools = List.copyOf(tools);
  }

  /** The context of a reply to this prompt: thinking if its last tag opens thinking. */
  public static ReplyContext of(String prompt, List<Tool> tools) {
    return new ReplyContext(prompt.stripTrailing().endsWith("<think>"), tools);
  }
}
