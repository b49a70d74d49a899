package dev.hadal.engine;

import java.util.List;

/** Guesses the next tokens of answers. Owned by the engine's thread. */
interface Drafter extends AutoCloseable {
  /** Nobody guesses. */
  Drafter NONE = (sequences, most) -> {};

  /**
   * Puts guesses behind the last token of each of these sequences, where it has any.
   *
   * @param sequences those that decode
   * @param most most guesses for each; a sequence may take fewer, see {@link Sequence#mostDrafts}
   */
  void draft(List<Sequence> sequences, int most);

  /** A sequence has ended. */
  default void forget(Sequence sequence) {}

  /** Off-heap bytes held. */
  default long totalBytes() {
    return 0;
  }

  @Override
  default void close() {}
}
