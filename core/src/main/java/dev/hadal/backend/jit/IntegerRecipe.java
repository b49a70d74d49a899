package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;

/** Quantised weights times activations rounded to whole numbers. */
record IntegerRecipe(RowType rowType, Isa isa) implements Recipe {
  @Override
  public DType type() {
    return rowType.type();
  }

  Panel panel() {
    return rowType.panel(isa);
  }

  @Override
  public int rowStep() {
    return rowType.blocks() * Panel.BLOCK;
  }

  @Override
  public int packedStep() {
    return Panel.BLOCK;
  }

  @Override
  public int packedBytes() {
    return panel().blockBytes();
  }

  @Override
  public int packedHalf() {
    return EightRows.COUNT * Integer.BYTES;
  }

  @Override
  public int recordBytes() {
    return panel().recordBytes();
  }

  @Override
  public int maxTokens() {
    return isa == Isa.AVX512_VNNI ? WideTileKernel.maxTokens(panel()) : TileKernel.MAX_TOKENS;
  }

  @Override
  public int rowsAtOnce() {
    return EightRows.COUNT;
  }

  @Override
  public int stripTokens() {
    return StripKernel.MAX_TOKENS;
  }

  /**
   * Packing 16-bit numbers costs twice what packing bytes does, and multiplying them too; with VNNI
   * multiplying costs so little that what a strip shuffles is soon more than packing.
   */
  @Override
  public int many() {
    return switch (panel().dot()) {
      case WORDS -> StripKernel.MAX_TOKENS + 1;
      case BYTES -> 3;
      case VNNI -> 6;
    };
  }

  /** Rounding activations to 8 bits moves a sum of 512 products by less. */
  @Override
  public double tolerance() {
    return 0.02;
  }

  @Override
  public void activations(Assembler a) {
    ActivationKernel.emit(a, rowType, isa);
  }

  @Override
  public void rows(Assembler a) {
    RowsKernel.emit(a, rowType, isa);
  }

  @Override
  public void strip(Assembler a, int tokens) {
    StripKernel.emit(a, rowType, isa, tokens);
  }

  @Override
  public void pack(Assembler a) {
    PackKernel.emit(a, rowType, isa);
  }

  @Override
  public void tile(Assembler a, int tokens) {
    if (isa == Isa.AVX512_VNNI) {
      WideTileKernel.emit(a, panel(), tokens);
    } else {
      TileKernel.emit(a, panel(), tokens);
    }
  }
}
