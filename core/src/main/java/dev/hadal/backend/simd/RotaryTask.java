package dev.hadal.backend.simd;

import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;

/** Rotary positions: a batch's rotations, and heads turned by them. */
final class RotaryTask {
  private static final int[] NONE = new int[0];

  /** Numbers of a unit; about the time it takes to hand one over. */
  private static final int UNIT = 16 << 10;

  /** What an angle's cosine and sine take, in numbers touched. */
  private static final int ANGLE = 32;

  private final WorkerPool pool;
  private final WorkerPool.Task rotations = this::rotationsUnit;
  private final WorkerPool.Task rope = this::ropeUnit;

  private long out;
  private long x;
  private long turnsAt;
  private float[] frequency = new float[0];
  private int[] positions = NONE;
  private float scale;
  private int pairs;
  private int rows;
  private int rowsPerUnit;
  private int heads;
  private int d;
  private int offset;
  private int rotated;
  private boolean interleaved;

  RotaryTask(WorkerPool pool) {
    this.pool = pool;
  }

  void rotations(Tensor out_Tr, int[] positions, Tensor frequency_r2, float scale) {
    out = out_Tr.address();
    pairs = frequency_r2.dim(-1);
    this.scale = scale;
    this.positions = positions;
    if (frequency.length < pairs) {
      frequency = new float[pairs];
    }
    Dequant.decodeRow(frequency_r2, 0, frequency);
    pool.run(rotations, share(positions.length, ANGLE * pairs));
    this.positions = NONE;
  }

  // In double, as the reference: at 100,000 tokens a float's angle would be off by its third digit.
  private void rotationsUnit(int unit, Worker worker) {
    int to = Math.min(rows, (unit + 1) * rowsPerUnit);
    float[] row = worker.floats(Worker.FIRST_OWN, 2 * pairs);
    for (int t = unit * rowsPerUnit; t < to; t++) {
      for (int i = 0; i < pairs; i++) {
        double angle = (double) positions[t] * frequency[i];
        row[2 * i] = (float) (scale * Math.cos(angle));
        row[2 * i + 1] = (float) (scale * Math.sin(angle));
      }
      Memory.write(row, 0, out + 8L * pairs * t, 2 * pairs);
    }
  }

  /** Cuts rows into units. */
  private int share(int count, int work) {
    rows = count;
    rowsPerUnit = Math.max(1, UNIT / Math.max(1, work));
    return (count + rowsPerUnit - 1) / rowsPerUnit;
  }

  void rope(Tensor out_THd, Tensor x_THd, Tensor rotations_Tr, int offset, boolean interleaved) {
    out = out_THd.address();
    x = x_THd.address();
    turnsAt = rotations_Tr.address();
    heads = x_THd.dim(1);
    d = x_THd.dim(2);
    rotated = rotations_Tr.dim(1);
    this.offset = offset;
    this.interleaved = interleaved;
    pool.run(rope, share(x_THd.dim(0), heads * d));
  }

  private void ropeUnit(int unit, Worker worker) {
    int to = Math.min(rows, (unit + 1) * rowsPerUnit);
    float[] turns = worker.floats(Worker.FIRST_OWN, rotated);
    float[] head = worker.floats(Worker.FIRST_OWN + 1, d);
    for (int t = unit * rowsPerUnit; t < to; t++) {
      Memory.read(turnsAt + 4L * rotated * t, turns, 0, rotated);
      for (int h = 0; h < heads; h++) {
        long skip = 4L * d * ((long) t * heads + h);
        Memory.read(x + skip, head, 0, d);
        if (interleaved) {
          turnNeighbours(head, offset, turns, rotated / 2);
        } else {
          turnHalves(head, offset, turns, rotated / 2);
        }
        Memory.write(head, 0, out + skip, d);
      }
    }
  }

  private static void turnNeighbours(float[] x, int at, float[] turns, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float p = x[at + 2 * i];
      float q = x[at + 2 * i + 1];
      x[at + 2 * i] = p * turns[2 * i] - q * turns[2 * i + 1];
      x[at + 2 * i + 1] = p * turns[2 * i + 1] + q * turns[2 * i];
    }
  }

  private static void turnHalves(float[] x, int at, float[] turns, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float p = x[at + i];
      float q = x[at + pairs + i];
      x[at + i] = p * turns[2 * i] - q * turns[2 * i + 1];
      x[at + pairs + i] = p * turns[2 * i + 1] + q * turns[2 * i];
    }
  }
}
