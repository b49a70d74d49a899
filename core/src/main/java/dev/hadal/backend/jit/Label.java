package dev.hadal.backend.jit;

import java.util.ArrayList;
import java.util.List;

/** A place in the code, which jumps may name before it is reached. */
final class Label {
  private int position = -1;
  private final List<Integer> waiting = new ArrayList<>(); // places of 4-byte distances to fill in

  boolean isBound() {
    return position >= 0;
  }

  int position() {
    return position;
  }

  List<Integer> waiting() {
    return waiting;
  }

  void bind(int here) {
    if (isBound()) {
      throw new IllegalStateException("a label stands at one place, this one is bound already");
    }
    position = here;
  }
}
