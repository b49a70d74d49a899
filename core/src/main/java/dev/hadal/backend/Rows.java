package dev.hadal.backend;

/**
 * What the rows of a product are. Where a back end adds up in one way for many rows and in another
 * for few, it chooses by this and not by how many there happen to be: then a text's numbers do not
 * depend on what stands beside it in the batch.
 */
public enum Rows {
  /** Whatever: the fastest way for as many as there are. */
  ANY,
  /** Of a prompt: added up as many are. */
  PROMPT,
  /** Of an answer, one a step or a few: added up as few are. */
  ANSWER
}
