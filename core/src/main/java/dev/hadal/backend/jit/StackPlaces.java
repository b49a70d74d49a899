package dev.hadal.backend.jit;

/** A storage block's scales, kept on the stack while its codes are multiplied. */
record StackPlaces() implements RowType.Places {
  private static final int VECTOR = 32;
  private static final int BLOCK = 4 * VECTOR; // a scale, a minimum, two groups

  /** Room for a storage block of {@code blocks} blocks. */
  static int bytes(int blocks) {
    return blocks * BLOCK;
  }

  @Override
  public Mem scale(int block) {
    return Mem.at(Gpr.RSP, block * BLOCK);
  }

  @Override
  public Mem minimum(int block) {
    return Mem.at(Gpr.RSP, block * BLOCK + VECTOR);
  }

  @Override
  public Mem group(int block, int group) {
    return Mem.at(Gpr.RSP, block * BLOCK + (2 + group) * VECTOR);
  }
}
