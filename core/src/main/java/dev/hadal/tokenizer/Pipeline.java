package dev.hadal.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The one tokenizer: added tokens are cut out, what lies between is normalised, cut into pieces and
 * given to the model.
 */
final class Pipeline implements Tokenizer {
  /**
   * The stages.
   *
   * @param added tokens found in the text as it stands
   * @param addedNormalized tokens found in the normalised text
   * @param stripsLeadingSpace encoding puts a space before a text
   */
  record Stages(
      AddedTokens added,
      Normalizer normalizer,
      AddedTokens addedNormalized,
      PreTokenizer preTokenizer,
      Model model,
      boolean stripsLeadingSpace) {}

  private final Vocabulary vocabulary;
  private final Specials specials;
  private final Stages stages;

  Pipeline(Vocabulary vocabulary, Specials specials, Stages stages) {
    this.vocabulary = vocabulary;
    this.specials = specials;
    this.stages = stages;
  }

  @Override
  public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
    IntList ids = new IntList();
    if (addSpecial) {
      ids.addAll(specials.before());
    }
    stages
        .added()
        .split(
            text,
            true,
            parseSpecial,
            new Ids(ids) {
              @Override
              public void text(String part, boolean first) {
                normalized(stages.normalizer().apply(part), first, parseSpecial, ids);
              }
            });
    if (addSpecial) {
      ids.addAll(specials.after());
    }
    return ids.toArray();
  }

  private void normalized(String text, boolean first, boolean parseSpecial, IntList ids) {
    if (stages.addedNormalized().isEmpty()) {
      pieces(text, first, ids);
      return;
    }
    stages
        .addedNormalized()
        .split(
            text,
            first,
            parseSpecial,
            new Ids(ids) {
              @Override
              public void text(String part, boolean start) {
                pieces(part, start, ids);
              }
            });
  }

  private void pieces(String text, boolean first, IntList ids) {
    byte[] bytes = Utf8.encode(text);
    if (bytes.length > 0) {
      stages
          .preTokenizer()
          .split(
              bytes,
              0,
              bytes.length,
              first,
              (t, from, to, start) -> stages.model().encode(t, from, to, ids));
    }
  }

  /** Collects the tokens found. */
  private abstract static class Ids implements AddedTokens.Sink {
    private final IntList found;

    Ids(IntList found) {
      this.found = found;
    }

    @Override
    public void token(int id) {
      found.add(id);
    }
  }

  @Override
  public byte[] decodeBytes(int id) {
    return vocabulary.bytes(checked(id)).clone();
  }

  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.token(checked(id));
  }

  @Override
  public OptionalInt id(String token) {
    return optional(vocabulary.id(token));
  }

  @Override
  public OptionalInt bos() {
    return optional(specials.bos());
  }

  @Override
  public OptionalInt eos() {
    return optional(specials.eos());
  }

  @Override
  public OptionalInt eot() {
    return optional(specials.eot());
  }

  @Override
  public Set<Integer> endOfGeneration() {
    return specials.endOfGeneration();
  }

  @Override
  public boolean isControl(int id) {
    Vocabulary.Kind kind = vocabulary.kind(checked(id));
    return kind == Vocabulary.Kind.CONTROL || kind == Vocabulary.Kind.UNKNOWN;
  }

  @Override
  public boolean addsBos() {
    return specials.before().length > 0;
  }

  @Override
  public boolean addsEos() {
    return specials.after().length > 0;
  }

  @Override
  public boolean stripsLeadingSpace() {
    return stages.stripsLeadingSpace();
  }

  private int checked(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "no token "
              + id
              + " in "
              + vocabulary.file()
              + "; ids run from 0 to "
              + (vocabulary.size() - 1));
    }
    return id;
  }

  private static OptionalInt optional(int id) {
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
