package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Calls in a section, each between two tags, as DeepSeek and Kimi write them: {@code SECTION (CALL
 * body CALL_END)* SECTION_END}.
 */
final class SectionParser extends TaggedParser {
  /**
   * The tags.
   *
   * @param begins ways to begin the section; the first is the right one, the others occur
   */
  record Tags(List<String> begins, String end, String callBegin, String callEnd) {}

  private final Tags tags;
  private final Function<String, Optional<CallJson.NamedArguments>> body;

  /** The opening tag until a call was read: with a broken first call it becomes content too. */
  private String unused = "";

  private boolean inside;

  SectionParser(
      ReplyContext context, Tags tags, Function<String, Optional<CallJson.NamedArguments>> body) {
    super(context, tags.begins(), true);
    this.tags = tags;
    this.body = body;
  }

  @Override
  boolean readCalls(StringBuilder buffer, String opener, boolean atEnd) {
    if (!inside) {
      inside = true;
      unused = opener;
    }
    int start = 0;
    while (start < buffer.length() && Character.isWhitespace(buffer.charAt(start))) {
      start++;
    }
    CharSequence rest = buffer.subSequence(start, buffer.length());
    if (rest.isEmpty()) {
      return atEnd && leave(buffer, unused, "");
    }
    if (rest.toString().startsWith(tags.end())) {
      return leave(buffer, "", rest.toString().substring(tags.end().length()));
    }
    if (rest.toString().startsWith(tags.callBegin())) {
      return readCall(buffer, rest.toString(), atEnd);
    }
    boolean undecided = Cut.mayBegin(rest, tags.end()) || Cut.mayBegin(rest, tags.callBegin());
    if (undecided && !atEnd) {
      return false;
    }
    return leave(buffer, unused, unused.isEmpty() ? rest.toString() : buffer.toString());
  }

  private boolean readCall(StringBuilder buffer, String rest, boolean atEnd) {
    int end = rest.indexOf(tags.callEnd());
    if (end < 0 && !atEnd) {
      return false;
    }
    int bodyEnd = end < 0 ? rest.length() : end;
    int callEnd = end < 0 ? rest.length() : end + tags.callEnd().length();
    Optional<CallJson.NamedArguments> call =
        body.apply(rest.substring(tags.callBegin().length(), bodyEnd));
    if (call.isEmpty()) {
      String broken = unused + rest.substring(0, callEnd);
      return leave(buffer, broken, rest.substring(callEnd));
    }
    call(call.get().name(), call.get().argumentsJson());
    unused = "";
    buffer.setLength(0);
    buffer.append(rest.substring(callEnd));
    return true;
  }

  private boolean leave(StringBuilder buffer, String content, String rest) {
    inside = false;
    unused = "";
    buffer.setLength(0);
    buffer.append(rest);
    if (content.isEmpty()) {
      closeCalls();
    } else {
      notACall(content);
    }
    return true;
  }
}
