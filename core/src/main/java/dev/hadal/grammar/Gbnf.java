package dev.hadal.grammar;

/**
 * Grammars in GBNF, llama.cpp's notation: rules {@code name ::= ...} with literals, character
 * classes, groups, alternatives, {@code * + ? {m,n}}, comments, and {@code root} to begin with.
 * Source: grammars/README.md of ggml-org/llama.cpp.
 */
public final class Gbnf {
  private Gbnf() {}

  /**
   * @throws IllegalArgumentException if the grammar is malformed, a rule is missing, a rule begins
   *     with itself, or no text satisfies it
   */
  public static Grammar of(String grammar) {
    return Grammar.of(algebra -> new GbnfParser(algebra, grammar).parse());
  }
}
