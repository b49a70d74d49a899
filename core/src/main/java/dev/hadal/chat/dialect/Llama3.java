package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Llama 3.1 and later: a call is a bare object {@code {"name": ..., "parameters": ...}} that begins
 * the reply, or stands behind {@code <|python_tag|>}, where the built-in tools are called as {@code
 * tool.call(query="...")}. Several are parted by semicolons. Source: the prompt formats of Meta's
 * Llama 3.1 model card.
 */
final class Llama3 implements Dialect {
  private static final String PYTHON = "<|python_tag|>";
  private static final List<String> FIRST_KEYS =
      List.of("{\"name\"", "{\"type\"", "{\"function\"", "{\"parameters\"", "{\"arguments\"");
  private static final Pattern BUILT_IN =
      Pattern.compile("\\s*(\\w+)\\.call\\((\\w+)=(\"(?:[^\"\\\\]++|\\\\.)*+\")\\)\\s*");

  @Override
  public String name() {
    return "llama3";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(new CallFrame("{\"name\": \"", "\", \"parameters\": ", "}"));
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new Parser(context);
  }

  private static final class Parser extends TaggedParser {
    private boolean called;

    Parser(ReplyContext context) {
      super(context, List.of(PYTHON), true);
    }

    /** Without tools on offer an object is an answer. */
    @Override
    Start readStart(StringBuilder buffer, boolean atEnd) {
      if (context().tools().isEmpty()) {
        return Start.TEXT;
      }
      String compact = compactBegin(buffer);
      boolean mayBe = FIRST_KEYS.stream().anyMatch(key -> Cut.mayBegin(compact, key));
      if (!mayBe) {
        return Start.TEXT;
      }
      boolean is = FIRST_KEYS.stream().anyMatch(compact::startsWith);
      return is ? Start.CALLS : atEnd ? Start.TEXT : Start.UNDECIDED;
    }

    /** The first characters that are no whitespace, as many as the longest first key has. */
    private static String compactBegin(StringBuilder buffer) {
      StringBuilder compact = new StringBuilder();
      for (int i = 0; i < buffer.length() && compact.length() < 16; i++) {
        if (!Character.isWhitespace(buffer.charAt(i))) {
          compact.append(buffer.charAt(i));
        }
      }
      return compact.toString();
    }

    @Override
    boolean readCalls(StringBuilder buffer, String opener, boolean atEnd) {
      int start = 0;
      while (start < buffer.length() && isBetween(buffer.charAt(start), called)) {
        start++;
      }
      if (start == buffer.length()) {
        return atEnd && leave(buffer, called ? "" : opener + buffer, buffer.length());
      }
      if (buffer.charAt(start) != '{') {
        return called
            ? leave(buffer, "", start)
            : opener.isEmpty()
                ? leave(buffer, buffer.toString(), buffer.length())
                : builtIn(buffer, atEnd);
      }
      int end = CallJson.end(buffer, start);
      if (end < 0 && !atEnd) {
        return false;
      }
      int to = end < 0 ? buffer.length() : end;
      Optional<CallJson.NamedArguments> call = CallJson.call(buffer.substring(start, to));
      if (call.isEmpty()) {
        return leave(
            buffer, called ? buffer.substring(start, to) : opener + buffer.substring(0, to), to);
      }
      call(call.get().name(), call.get().argumentsJson());
      called = true;
      buffer.delete(0, to);
      return true;
    }

    private static boolean isBetween(char c, boolean called) {
      return Character.isWhitespace(c) || (called && c == ';');
    }

    /** A built-in tool's call is the whole rest of the reply; anything else there is content. */
    private boolean builtIn(StringBuilder buffer, boolean atEnd) {
      if (!atEnd) {
        return false;
      }
      Matcher matcher = BUILT_IN.matcher(buffer);
      if (!matcher.matches()) {
        return leave(buffer, PYTHON + buffer, buffer.length());
      }
      String key = new JsonMapper().writeValueAsString(matcher.group(2));
      String arguments = "{" + key + ":" + matcher.group(3) + "}";
      return CallJson.object(arguments)
          .map(json -> {
            call(matcher.group(1), json);
            return leave(buffer, "", buffer.length());
          })
          .orElseGet(() -> leave(buffer, PYTHON + buffer, buffer.length()));
    }

    private boolean leave(StringBuilder buffer, String content, int upTo) {
      buffer.delete(0, upTo);
      called = false;
      if (content.isEmpty()) {
        closeCalls();
      } else {
        notACall(content);
      }
      return true;
    }
  }
}
