package dev.hadal.chat.dialect;

import java.util.List;
import java.util.Optional;

/**
 * Qwen 2.5, 3 and QwQ, and others in Hermes' form: each call between {@code <tool_call>} and {@code
 * </tool_call>}, as JSON with name and arguments, or as Qwen3-Coder's and GLM's elements. Source:
 * the chat templates of Qwen/Qwen3-8B, Qwen/Qwen3-Coder-30B-A3B-Instruct and zai-org/GLM-4.6.
 */
final class Qwen implements Dialect {
  private static final String OPEN = "<tool_call>";
  private static final String CLOSE = "</tool_call>";

  @Override
  public String name() {
    return "qwen";
  }

  @Override
  public Optional<CallFrame> callFrame() {
    return Optional.of(
        new CallFrame(OPEN + "\n{\"name\": \"", "\", \"arguments\": ", "}\n" + CLOSE));
  }

  @Override
  public StreamParser parser(ReplyContext context) {
    return new Parser(context);
  }

  private static final class Parser extends TaggedParser {
    /** How far the buffer was searched for the closing tag. */
    private int searched;

    Parser(ReplyContext context) {
      super(context, List.of(OPEN), false);
    }

    @Override
    boolean readCalls(StringBuilder buffer, String opener, boolean atEnd) {
      int close = buffer.indexOf(CLOSE, Math.max(0, searched - CLOSE.length()));
      while (close >= 0 && insideJson(buffer, close)) {
        close = buffer.indexOf(CLOSE, close + 1);
      }
      searched = buffer.length();
      if (close < 0 && !atEnd) {
        return false;
      }
      int end = close < 0 ? buffer.length() : close + CLOSE.length();
      String body = buffer.substring(0, close < 0 ? buffer.length() : close);
      String raw = OPEN + buffer.substring(0, end);
      buffer.delete(0, end);
      searched = 0;
      Optional<CallJson.NamedArguments> call = call(body.strip());
      call.ifPresentOrElse(
          found -> {
            call(found.name(), found.argumentsJson());
            closeCalls();
          },
          () -> notACall(raw));
      return true;
    }

    /** The closing tag's text may stand in a string of the arguments. */
    private static boolean insideJson(StringBuilder buffer, int close) {
      int start = 0;
      while (start < close && Character.isWhitespace(buffer.charAt(start))) {
        start++;
      }
      if (buffer.charAt(start) != '{') {
        return false;
      }
      boolean quoted = false;
      for (int i = start; i < close; i++) {
        char c = buffer.charAt(i);
        if (c == '\\' && quoted) {
          i++;
        } else if (c == '"') {
          quoted = !quoted;
        }
      }
      return quoted;
    }

    private Optional<CallJson.NamedArguments> call(String body) {
      if (body.startsWith("{")) {
        return CallJson.call(body);
      }
      return body.startsWith("<function=")
          ? ElementCalls.qwenCoder(body, context().tools())
          : ElementCalls.glm(body, context().tools());
    }
  }
}
