package dev.hadal.app.store;

import org.jspecify.annotations.Nullable;

/**
 * A conversation without its messages. Times are milliseconds since 1970.
 *
 * @param updated when its messages or its title changed last
 * @param model the name of who answers
 * @param leaf the last message of the branch that is shown; null when it is empty
 * @param running whether a message of it is being answered
 * @param preset the preset it follows
 */
public record Conversation(
    String id,
    String title,
    boolean pinned,
    long created,
    long updated,
    @Nullable String model,
    @Nullable String leaf,
    boolean running,
    int messagesCount,
    @Nullable String preset,
    String system,
    @Nullable Boolean thinking,
    Sampling sampling) {

  /** A new one without messages. */
  public static Conversation begun(
      long now, String title, @Nullable String model, @Nullable String preset, Settings settings) {
    return new Conversation(
        Wire.id("c"),
        title,
        false,
        now,
        now,
        model,
        null,
        false,
        0,
        preset,
        settings.system(),
        settings.thinking(),
        settings.sampling());
  }

  public Settings settings() {
    return new Settings(system, thinking, sampling);
  }

  public Conversation withTitle(String value, long now) {
    return new Conversation(
        id,
        value,
        pinned,
        created,
        now,
        model,
        leaf,
        running,
        messagesCount,
        preset,
        system,
        thinking,
        sampling);
  }

  public Conversation withPinned(boolean value) {
    return new Conversation(
        id,
        title,
        value,
        created,
        updated,
        model,
        leaf,
        running,
        messagesCount,
        preset,
        system,
        thinking,
        sampling);
  }

  public Conversation withModel(@Nullable String value) {
    return new Conversation(
        id,
        title,
        pinned,
        created,
        updated,
        value,
        leaf,
        running,
        messagesCount,
        preset,
        system,
        thinking,
        sampling);
  }

  public Conversation withLeaf(@Nullable String value) {
    return new Conversation(
        id,
        title,
        pinned,
        created,
        updated,
        model,
        value,
        running,
        messagesCount,
        preset,
        system,
        thinking,
        sampling);
  }

  public Conversation withSettings(@Nullable String newPreset, Settings value) {
    return new Conversation(
        id,
        title,
        pinned,
        created,
        updated,
        model,
        leaf,
        running,
        messagesCount,
        newPreset,
        value.system(),
        value.thinking(),
        value.sampling());
  }

  public Conversation touched(long now) {
    return withTitle(title, now);
  }
}
