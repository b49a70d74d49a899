package dev.hadal.tokenizer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokens that frame a text and end one, by id; -1 is none.
 *
 * @param before ids that {@code addSpecial} puts first
 * @param after ids that {@code addSpecial} puts last
 * @param endOfGeneration every id after which a model has nothing more to say
 */
record Specials(
    int bos, int eos, int eot, int[] before, int[] after, Set<Integer> endOfGeneration) {
  /** Names of tokens that end a turn, most telling first. Source: llama.cpp, llama-vocab.cpp. */
  private static final List<String> END_OF_TURN =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<end_of_turn>",
          "<turn|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "<｜end▁of▁sentence｜>",
          "<end_of_utterance>");

  /** Names of tokens that end generation. Source: llama.cpp, llama-vocab.cpp. */
  private static final List<String> END_OF_GENERATION =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[");

  private static final List<String> FILL_PADDING =
      List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]");
  private static final List<String> FILL_REPOSITORY =
      List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>");
  private static final List<String> FILL_FILE = List.of("<|file_sep|>");

  /** The first of these names that the vocabulary has, or -1. */
  private static int firstOf(Vocabulary vocabulary, List<String> names) {
    return names.stream().mapToInt(vocabulary::id).filter(id -> id >= 0).findFirst().orElse(-1);
  }

  static int endOfTurn(Vocabulary vocabulary) {
    return firstOf(vocabulary, END_OF_TURN);
  }

  /**
   * All that end generation; tokens whose name tells are marked as control tokens, for files often
   * forget to.
   */
  static Set<Integer> endOfGeneration(Vocabulary vocabulary, int... named) {
    Set<Integer> ids = new TreeSet<>();
    int sentence = vocabulary.id("</s>");
    if (sentence >= 0 && vocabulary.kind(sentence) == Vocabulary.Kind.CONTROL) {
      // Where it is no control token, as in Gemma's vocabularies, it is HTML's end of struck text.
      ids.add(sentence);
    }
    END_OF_GENERATION.forEach(name -> addControl(vocabulary, vocabulary.id(name), ids));
    for (List<String> names : List.of(FILL_PADDING, FILL_REPOSITORY, FILL_FILE)) {
      addControl(vocabulary, firstOf(vocabulary, names), ids);
    }
    for (int id : named) {
      if (id >= 0) {
        ids.add(id);
      }
    }
    int end = vocabulary.id("<|end|>");
    boolean calls = vocabulary.id("<|call|>") >= 0 || vocabulary.id("<|calls|>") >= 0;
    if (end >= 0
        && calls
        && (vocabulary.id("<|return|>") >= 0 || vocabulary.id("<|flush|>") >= 0)) {
      // In the harmony format <|end|> ends one message of an answer, not the answer.
      ids.remove(end);
      vocabulary.mark(end, Vocabulary.Kind.USER_DEFINED);
    }
    for (String name : List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>")) {
      int id = vocabulary.id(name);
      if (id >= 0) {
        vocabulary.mark(id, Vocabulary.Kind.USER_DEFINED);
      }
    }
    return Set.copyOf(ids);
  }

  private static void addControl(Vocabulary vocabulary, int id, Set<Integer> ids) {
    if (id >= 0) {
      ids.add(id);
      vocabulary.mark(id, Vocabulary.Kind.CONTROL);
    }
  }
}
