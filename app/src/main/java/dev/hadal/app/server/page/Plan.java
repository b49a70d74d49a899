package dev.hadal.app.server.page;

import dev.hadal.app.store.Attachment;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Settings;
import dev.hadal.chat.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an answer answers, and how.
 *
 * @param path the messages before it, the first first
 * @param blind whether its model is unnamed
 * @param rival another answer that may need the memory first; gives null for none
 * @param ended hears of it when it has ended and is kept
 */
record Plan(
    String model,
    List<Message> path,
    Settings settings,
    boolean blind,
    Supplier<? extends @Nullable Rival> rival,
    Consumer<Message> ended) {

  /** The other side of a comparison. */
  interface Rival {
    /** Whether it has ended, and let go of its model. */
    boolean isOver();

    /** Whether it waits itself. */
    boolean isWaiting();

    void awaitOver() throws InterruptedException;
  }

  /** The conversation as the model's template takes it. */
  ChatRequest request() {
    List<dev.hadal.chat.Message> messages = new ArrayList<>();
    if (!settings.system().isBlank()) {
      messages.add(dev.hadal.chat.Message.system(settings.system()));
    }
    for (Message m : path) {
      messages.add(
          m.isUser()
              ? dev.hadal.chat.Message.user(text(m))
              : dev.hadal.chat.Message.assistant(m.content(), m.thinking(), List.of()));
    }
    ChatRequest request = ChatRequest.of(messages);
    Boolean thinking = settings.thinking();
    return thinking == null
        ? request
        : request.withVariable("enable_thinking", thinking).withVariable("thinking", thinking);
  }

  /** What a person said, behind what they sent along: each text in a fence, with its name. */
  private static String text(Message m) {
    StringBuilder text = new StringBuilder();
    for (Attachment a : m.attachments()) {
      String fence = "```";
      while (a.text().contains(fence)) {
        fence += "`";
      }
      text.append(a.name()).append(":\n").append(fence).append('\n').append(a.text());
      text.append(a.text().endsWith("\n") ? "" : "\n").append(fence).append("\n\n");
    }
    return text.append(m.content()).toString();
  }
}
