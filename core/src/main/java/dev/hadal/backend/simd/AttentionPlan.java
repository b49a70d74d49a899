package dev.hadal.backend.simd;

import dev.hadal.backend.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * How attention over a batch is cut into units: a span's head, some of its query rows, and, when
 * there would be fewer units than workers can share (decoding at depth), a part of the keys.
 *
 * <p>Keys are always seen in parts of {@link #PART} positions that are put together in order, in
 * one unit or in several, so that a row's numbers depend on nothing but its sequence. Units that
 * share queries follow one another; they are a group. Kept and remade for each call.
 */
final class AttentionPlan {
  /** Positions of a part: with fewer, merging costs more than a core gains. */
  static final int PART = 256;

  int units;
  int groups;
  boolean split;

  /** Of each unit. */
  int[] span = new int[0];

  int[] head = new int[0];
  int[] firstRow = new int[0]; // within the span
  int[] rowCount = new int[0];
  int[] fromPosition = new int[0];
  int[] toPosition = new int[0];

  /** Of each group: its first unit; one more entry at the end. */
  int[] firstUnit = new int[1];

  /** Plans rows {@code firstOfBatch} to {@code endOfBatch} of the batch. */
  void make(
      Batch batch,
      int heads,
      int rowsPerUnit,
      int window,
      int width,
      int firstOfBatch,
      int endOfBatch) {
    List<Batch.Span> spans = batch.spans();
    int whole = 0;
    for (int s = 0; s < spans.size(); s++) {
      int rows = to(spans.get(s), endOfBatch) - from(spans.get(s), firstOfBatch);
      whole += heads * Math.max(0, (rows + rowsPerUnit - 1) / rowsPerUnit);
    }
    units = 0;
    groups = 0;
    split = false;
    boolean few = whole < 3 * width;
    for (int s = 0; s < spans.size(); s++) {
      Batch.Span current = spans.get(s);
      for (int head = 0; head < heads; head++) {
        int end = to(current, endOfBatch);
        for (int row = from(current, firstOfBatch); row < end; row += rowsPerUnit) {
          group(s, current, head, row, Math.min(rowsPerUnit, end - row), window, few);
        }
      }
    }
    if (firstUnit.length <= groups) {
      firstUnit = Arrays.copyOf(firstUnit, 2 * groups + 1);
    }
    firstUnit[groups] = units;
  }

  private static int from(Batch.Span span, int firstOfBatch) {
    return Math.max(0, firstOfBatch - span.start());
  }

  private static int to(Batch.Span span, int endOfBatch) {
    return Math.min(span.length(), endOfBatch - span.start());
  }

  private void group(
      int s, Batch.Span current, int h, int row, int count, int window, boolean split) {
    int first = current.past() + row;
    int from = window == 0 ? 0 : Math.max(0, first - window + 1);
    from = from / OnlineSoftmax.TILE * OnlineSoftmax.TILE;
    int to = first + count;
    if (firstUnit.length <= groups) {
      firstUnit = Arrays.copyOf(firstUnit, 2 * groups + 1);
    }
    firstUnit[groups++] = units;
    for (int p = from; p < to; p = toPosition[units - 1]) {
      if (span.length <= units) {
        grow();
      }
      span[units] = s;
      head[units] = h;
      firstRow[units] = row;
      rowCount[units] = count;
      fromPosition[units] = p;
      toPosition[units] = split ? Math.min(to, endOfPart(p)) : to;
      units++;
    }
    this.split |= units - firstUnit[groups - 1] > 1;
  }

  /** Where the part that position p belongs to ends. */
  static int endOfPart(int p) {
    return (p / PART + 1) * PART;
  }

  private void grow() {
    int length = Math.max(64, 2 * span.length);
    span = Arrays.copyOf(span, length);
    head = Arrays.copyOf(head, length);
    firstRow = Arrays.copyOf(firstRow, length);
    rowCount = Arrays.copyOf(rowCount, length);
    fromPosition = Arrays.copyOf(fromPosition, length);
    toPosition = Arrays.copyOf(toPosition, length);
  }
}
