package dev.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScratchTest {
  @Test
  void stepsOfTheSameShapesGetTheSameObjects() {
    try (Scratch scratch = new Scratch()) {
      List<Tensor> first = layersOfTwoKinds(scratch);
      assertThat(layersOfTwoKinds(scratch))
          .usingElementComparator((a, b) -> a == b ? 0 : 1)
          .isEqualTo(first);
    }
  }

  /** Two dense layers around one of experts, and a head as large as what a layer takes first. */
  private static List<Tensor> layersOfTwoKinds(Scratch scratch) {
    scratch.reset();
    List<Tensor> taken = new ArrayList<>();
    taken.add(scratch.take(DType.F32, 1, 64));
    for (int width : new int[] {172, 44, 172}) {
      int mark = scratch.mark();
      taken.add(scratch.take(DType.F32, 1, 64));
      taken.add(scratch.take(DType.F32, 1, width));
      taken.add(scratch.take(DType.I32, 1, 6));
      scratch.release(mark);
    }
    taken.add(scratch.take(DType.F32, 1, 64));
    taken.add(scratch.take(DType.F32, 1, 512));
    return taken;
  }

  @Test
  void whatIsTakenTogetherLiesApart() {
    try (Scratch scratch = new Scratch()) {
      Tensor a = scratch.take(DType.F32, 3, 5);
      int mark = scratch.mark();
      Tensor b = scratch.take(DType.F32, 7, 11);
      scratch.release(mark);
      Tensor c = scratch.take(DType.F32, 2, 2);
      Tensor d = scratch.take(DType.F32, 2, 2);
      assertThat(b.address()).isGreaterThanOrEqualTo(a.address() + 3 * 5 * 4);
      assertThat(c.address()).as("released memory is taken again").isEqualTo(b.address());
      assertThat(d.address()).isGreaterThanOrEqualTo(c.address() + 2 * 2 * 4);
    }
  }

  @Test
  void promptsOfEverNewLengthsDoNotPileUp() {
    try (Scratch scratch = new Scratch()) {
      Tensor first = scratch.take(DType.F32, 1, 8);
      for (int length = 2; length < 9000; length++) {
        scratch.reset();
        scratch.take(DType.F32, length, 8);
      }
      scratch.reset();
      assertThat(scratch.take(DType.F32, 1, 8)).as("forgotten meanwhile").isNotSameAs(first);
      assertThat(scratch.totalBytes()).isEqualTo(8L << 20);
    }
  }
}
