package dev.hadal.app.server.extras;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TokenLogprob;
import dev.hadal.engine.TokenStream;
import dev.hadal.tokenizer.Tokenizer;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How well a document fits a query: how likely "yes" is against "no" as the answer to whether it
 * does. Source: Qwen3 Embedding, arXiv:2506.05176, and the model card of Qwen/Qwen3-Reranker-0.6B,
 * whose prompt this is.
 */
final class Judge {
  /** What the model is told to look for where nobody says. */
  static final String INSTRUCTION =
      "Given a web search query, retrieve relevant passages that answer the query";

  private static final String BEFORE =
      "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and"
          + " the Instruct provided. Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n"
          + "<|im_start|>user\n";
  private static final String AFTER = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";

  private final Hadal model;
  private final int yes;
  private final int no;
  private final int[] before;
  private final int[] after;

  /**
   * A model in this role.
   *
   * @throws dev.hadal.app.server.RequestException if its vocabulary lacks the two words
   */
  Judge(Hadal model) {
    this.model = model;
    Tokenizer tokenizer = model.tokenizer();
    yes = word(tokenizer, "yes");
    no = word(tokenizer, "no");
    before = tokenizer.encode(BEFORE, false, true);
    after = tokenizer.encode(AFTER, false, true);
  }

  private static int word(Tokenizer tokenizer, String word) {
    OptionalInt id = tokenizer.id(word);
    return id.orElseThrow(() ->
        Failure.invalid(
                "model",
                "this model can't rerank: its vocabulary has no token '%s'; take a Qwen3-Reranker"
                    .formatted(word))
            .exception());
  }

  /** The prompt for one document. Marks of turns in what strangers wrote are only characters. */
  int[] prompt(String instruction, String query, String document) {
    int[] pair =
        model
            .tokenizer()
            .encode(
                "<Instruct>: %s\n<Query>: %s\n<Document>: %s"
                    .formatted(instruction, query, document));
    return Stream.of(before, pair, after).flatMapToInt(IntStream::of).toArray();
  }

  /** Begins to judge; {@link #score} waits for the outcome. */
  TokenStream submit(int[] prompt) {
    return model
        .engine()
        .submit(
            // A token that ends the answer is one as well: only its alternatives count.
            Request.of(prompt, SamplingParams.greedy().withMaxTokens(1).withIgnoreEos(true))
                .withLogprobs(0)
                .withLogprobsOf(List.of(yes, no)));
  }

  /** The probability of "yes" where only "yes" and "no" count: 0 to 1. */
  double score(Call call, TokenStream stream) {
    if (stream.next().isEmpty()) {
      call.check();
      throw new IllegalStateException("a document was not judged: " + stream.finishReason());
    }
    List<TokenLogprob.Alternative> words = Objects.requireNonNull(stream.logprob()).top();
    return 1 / (1 + Math.exp(of(words, no) - of(words, yes)));
  }

  private static double of(List<TokenLogprob.Alternative> words, int token) {
    return words.stream().filter(w -> w.token() == token).findFirst().orElseThrow().logprob();
  }
}
