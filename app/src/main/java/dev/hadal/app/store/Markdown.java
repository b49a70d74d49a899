package dev.hadal.app.store;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The branch of a conversation that is shown, as Markdown for people, which reads back the same. A
 * line of a text that would be taken for our own marks has a backslash in front.
 */
public final class Markdown {
  private static final Pattern HEADING =
      Pattern.compile("## (?:User|Assistant(?: \\((.*)\\))?)[ \\t]*");
  private static final Pattern MARK =
      Pattern.compile(
          "(?:## (?:User|Assistant(?: \\(.*\\))?)[ \\t]*|<details><summary>Thinking</summary>"
              + "|</details>|<!-- attachment.*)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\+" + MARK.pattern());
  private static final Pattern NOTE = Pattern.compile("<!-- attachment ?(.*?) ?-->");
  private static final Pattern FENCE = Pattern.compile("(`{3,}|~{3,})[ \\t]*(.*?)[ \\t]*");
  private static final String THINKING = "<details><summary>Thinking</summary>";
  private static final String THINKING_END = "</details>";

  private Markdown() {}

  /** Writes it. */
  public static String of(Whole whole) {
    StringBuilder out = new StringBuilder("# " + whole.conversation().title() + "\n");
    for (Message m : whole.path(whole.conversation().leaf())) {
      String model = m.model();
      out.append(
          m.isUser()
              ? "\n## User\n"
              : "\n## Assistant" + (model == null ? "" : " (" + model + ")") + "\n");
      if (!m.thinking().isEmpty()) {
        out.append("\n" + THINKING + "\n\n").append(escaped(m.thinking()));
        out.append("\n\n" + THINKING_END + "\n");
      }
      for (Attachment a : m.attachments()) {
        String fence = fence(a.text());
        out.append("\n<!-- attachment ")
            .append(oneLine(a.type()).replace("--", "- -"))
            .append(" -->\n");
        out.append(fence).append(oneLine(a.name()).replace('`', '\'')).append('\n');
        out.append(escaped(a.text())).append('\n').append(fence).append('\n');
      }
      if (!m.content().isEmpty()) {
        out.append('\n').append(escaped(m.content())).append('\n');
      }
    }
    return out.toString();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** Longer than any in the text. */
  private static String fence(String text) {
    int longest = 2;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return "`".repeat(longest + 1);
  }

  private static String escaped(String text) {
    return text.replace("\r\n", "\n")
        .lines()
        .map(Markdown::escapedLine)
        .collect(Collectors.joining("\n"));
  }

  private static String escapedLine(String line) {
    boolean marks = MARK.matcher(line).matches() || ESCAPED.matcher(line).matches();
    return marks ? "\\" + line : line;
  }

  private static String unescaped(List<String> lines) {
    StringBuilder out = new StringBuilder();
    for (String line : lines) {
      out.append(ESCAPED.matcher(line).matches() ? line.substring(1) : line).append('\n');
    }
    return out.toString();
  }

  /**
   * Reads a conversation.
   *
   * @param now the time of its messages
   * @throws IllegalArgumentException if it has no message
   */
  public static Whole read(String text, long now) {
    List<String> lines = text.replace("\r\n", "\n").replace("\uFEFF", "").lines().toList();
    String title = "";
    List<Message> messages = new ArrayList<>();
    int at = 0;
    while (at < lines.size() && !HEADING.matcher(lines.get(at)).matches()) {
      if (title.isEmpty() && lines.get(at).startsWith("# ")) {
        title = lines.get(at).substring(2).strip();
      }
      at++;
    }
    while (at < lines.size()) {
      Matcher heading = HEADING.matcher(lines.get(at));
      boolean user = heading.matches() && lines.get(at).startsWith("## User");
      int end = at + 1;
      while (end < lines.size() && !HEADING.matcher(lines.get(end)).matches()) {
        end++;
      }
      String parent = messages.isEmpty() ? null : messages.getLast().id();
      messages.add(
          new Part(lines.subList(at + 1, end))
              .message(parent, user ? null : heading.group(1), user, now));
      at = end;
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no '## User' or '## Assistant' heading in it; expected Markdown as Hadal exports"
              + " it");
    }
    String leaf = messages.getLast().id();
    Conversation conversation =
        Conversation.begun(
                now,
                title.length() > 500 ? title.substring(0, 500) : title,
                messages.getLast().model(),
                null,
                Settings.DEFAULT)
            .withLeaf(leaf);
    return new Whole(conversation, messages);
  }

  /** What stands below a heading. */
  private static final class Part {
    private final List<String> lines;
    private int at;

    Part(List<String> lines) {
      this.lines = lines;
    }

    Message message(@Nullable String parent, @Nullable String model, boolean user, long now) {
      skipEmpty();
      String thinking = user ? "" : thinking();
      List<Attachment> attachments = new ArrayList<>();
      for (Attachment a = attachment(); a != null; a = attachment()) {
        attachments.add(a);
      }
      String content = unescaped(lines.subList(at, lines.size())).strip();
      return new Message(
          Wire.id("m"),
          null,
          parent,
          user ? "user" : "assistant",
          now,
          content,
          thinking,
          attachments,
          model,
          "done",
          null,
          null,
          user ? null : "stop",
          null,
          null,
          null,
          null);
    }

    private void skipEmpty() {
      while (at < lines.size() && lines.get(at).isBlank()) {
        at++;
      }
    }

    private String thinking() {
      int end = lines.subList(at, lines.size()).indexOf(THINKING_END) + at;
      if (at >= lines.size() || !lines.get(at).equals(THINKING) || end <= at) {
        return "";
      }
      String thinking = unescaped(lines.subList(at + 1, end)).strip();
      at = end + 1;
      skipEmpty();
      return thinking;
    }

    private @Nullable Attachment attachment() {
      skipEmpty();
      if (at + 1 >= lines.size()) {
        return null;
      }
      Matcher note = NOTE.matcher(lines.get(at));
      Matcher fence = FENCE.matcher(lines.get(at + 1));
      if (!note.matches() || !fence.matches()) {
        return null;
      }
      int end = at + 2;
      while (end < lines.size() && !lines.get(end).equals(fence.group(1))) {
        end++;
      }
      String text = unescaped(lines.subList(at + 2, Math.min(end, lines.size())));
      at = Math.min(end + 1, lines.size());
      return new Attachment(
          fence.group(2),
          note.group(1).isEmpty() ? "text/plain" : note.group(1),
          text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }
  }
}
