package dev.hadal.chat.dialect;

/** A piece of a model's reply. Neighbouring texts of one kind belong together. */
public sealed interface Event {
  /** Text for the user. */
  record Content(String text) implements Event {}

  /** Text the model thinks before it answers. */
  record Thinking(String text) implements Event {}

  /**
   * A tool call, whole: it is told only once its arguments have proved to be JSON, since text that
   * turns out not to be a call has to become content.
   *
   * @param index counts the calls of one reply from 0
   */
  record ToolCall(int index, dev.hadal.chat.ToolCall call) implements Event {}
}
