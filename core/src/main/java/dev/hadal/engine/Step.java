package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.Rows;
import java.util.List;

/**
 * What is computed at once.
 *
 * @param rows what all rows are, or any of both kinds
 * @param parts one for each span of the batch
 */
record Step(Rows rows, Batch batch, List<Part> parts) {
  /**
   * A sequence's share.
   *
   * @param rows whether it is of a prompt or of an answer
   * @param length rows
   * @param firstOutput its first output row among those of the batch
   * @param outputs how many it has
   */
  record Part(Sequence sequence, Rows rows, int length, int firstOutput, int outputs) {}
}
