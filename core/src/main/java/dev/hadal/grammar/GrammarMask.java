package dev.hadal.grammar;

import dev.hadal.engine.LogitMask;

/** One answer's place in a grammar. */
final class GrammarMask implements LogitMask {
  private final TokenMasks masks;
  private Node state;

  GrammarMask(TokenMasks masks, Node state) {
    this.masks = masks;
    this.state = state;
  }

  @Override
  public long[] allowed() {
    return masks.allowed(state);
  }

  @Override
  public void accept(int token) {
    if (!masks.trie().isEnd(token)) {
      state = masks.algebra().step(state, masks.trie().bytes(token));
    }
  }

  @Override
  public LogitMask fork() {
    return new GrammarMask(masks, state);
  }
}
