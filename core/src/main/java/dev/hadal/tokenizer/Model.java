package dev.hadal.tokenizer;

/** Turns one piece of well-formed UTF-8 into ids. */
interface Model {
  void encode(byte[] text, int from, int to, IntList ids);
}
