package dev.hadal.chat.dialect;

import java.util.concurrent.ThreadLocalRandom;

/** Ids for calls. Nine letters and digits, the one form that every template accepts (Mistral's). */
final class ToolCallIds {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private ToolCallIds() {}

  static String next() {
    StringBuilder id = new StringBuilder(9);
    for (int i = 0; i < 9; i++) {
      id.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
