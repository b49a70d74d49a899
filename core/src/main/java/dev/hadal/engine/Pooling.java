package dev.hadal.engine;

/** How a text's rows become one vector. */
public enum Pooling {
  /** The last token's row: models that were trained so end a text with a token for it. */
  LAST,
  /** The mean of all rows. */
  MEAN
}
