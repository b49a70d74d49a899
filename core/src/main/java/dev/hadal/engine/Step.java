package dev.hadal.engine;

import dev.hadal.backend.Batch;
import java.util.List;

/**
 * What is computed at once.
 *
 * @param parts one for each span of the batch
 * @param decodeRows rows of answers
 * @param promptRows rows of prompts
 */
record Step(Batch batch, List<Part> parts, int decodeRows, int promptRows) {
  /**
   * A sequence's share.
   *
   * @param length rows
   * @param firstOutput its first output row among those of the batch
   * @param outputs how many it has
   */
  record Part(Sequence sequence, int length, int firstOutput, int outputs) {}
}
