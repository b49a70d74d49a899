package dev.hadal.engine;

import dev.hadal.backend.Batch;
import dev.hadal.backend.Rows;
import dev.hadal.model.Model;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Scratch;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes a step and gives every sequence what it is due: a token, a vector, probabilities. Owned
 * by the engine's thread.
 */
final class Runner {
  private final Model model;
  private final Function<Rows, Ops> ops;
  private final Scratch scratch;
  private final Scheduler scheduler;
  private final Set<Integer> stopTokens;
  private final @Nullable NextTokenDrafter drafter;
  private final int mostDrafts;
  private final Logits logits = new Logits();
  private long generatedTokens;
  private long draftedTokens;
  private long acceptedTokens;
  private long steps;

  /**
   * @param ops for rows of each kind
   * @param drafter sees every row that is computed; null where nobody guesses so
   * @param mostDrafts its guesses for a sequence
   */
  Runner(
      Model model,
      Function<Rows, Ops> ops,
      Scratch scratch,
      Scheduler scheduler,
      Set<Integer> stopTokens,
      @Nullable NextTokenDrafter drafter,
      int mostDrafts) {
    this.drafter = drafter;
    this.mostDrafts = mostDrafts;
    this.model = model;
    this.ops = ops;
    this.scratch = scratch;
    this.scheduler = scheduler;
    this.stopTokens = stopTokens;
  }

  long generatedTokens() {
    return generatedTokens;
  }

  long draftedTokens() {
    return draftedTokens;
  }

  long acceptedTokens() {
    return acceptedTokens;
  }

  long steps() {
    return steps;
  }

  void run(Step step) {
    scratch.reset();
    Ops ops = this.ops.apply(step.rows());
    Results results = forward(step, ops);
    steps++;
    for (Step.Part part : step.parts()) {
      Sequence sequence = part.sequence();
      sequence.computed(part.length());
      try {
        deliver(part, results);
      } catch (RuntimeException e) { // a mask is others' code: its fault is one sequence's end
        scheduler.fail(sequence, e);
      }
    }
    if (drafter != null && results.hidden != null) {
      drafter.follow(step, mostDrafts, results.hidden, ops);
    }
  }

  /**
   * @param rows where each output row's logits are, or its hidden numbers for a text that becomes a
   *     vector
   */
  private record Results(Tensor logits, @Nullable Tensor hidden, int[] rows) {}

  private Results forward(Step step, Ops ops) {
    int outputs = step.batch().outputRows().length;
    int[] rows = new int[outputs];
    boolean every = drafter != null; // it sees every row
    if (!every && step.parts().stream().allMatch(part -> part.sequence().pooling() == null)) {
      Arrays.setAll(rows, i -> i);
      return new Results(model.forward(ops, step.batch()), null, rows);
    }
    int[] places = step.batch().outputRows();
    int[] asked = IntStream.range(0, every ? step.batch().size() : 0).toArray();
    Batch batch = every ? step.batch().withOutputRows(asked) : step.batch();
    Tensor hidden_RD = model.hidden(ops, batch);
    int[] wanted = new int[outputs];
    int count = 0;
    for (Step.Part part : step.parts()) {
      for (int i = part.firstOutput(); i < part.firstOutput() + part.outputs(); i++) {
        boolean vector = part.sequence().pooling() != null;
        int place = every ? places[i] : i;
        rows[i] = vector ? place : count;
        if (!vector) {
          wanted[count++] = place;
        }
      }
    }
    Tensor own_RD = ops.rows(hidden_RD, Arrays.copyOf(wanted, count));
    return new Results(model.logits(ops, own_RD), hidden_RD, rows);
  }

  private void deliver(Step.Part part, Results results) {
    Sequence sequence = part.sequence();
    int firstPosition = sequence.numComputedTokens() - part.outputs();
    boolean pooled = sequence.pooling() != null;
    int answer = part.outputs(); // the first row after which a token is to be chosen
    for (int i = 0; i < part.outputs(); i++) {
      int row = results.rows[part.firstOutput() + i];
      int position = firstPosition + i;
      if (pooled && results.hidden != null) {
        sequence.pool(row(results.hidden, row));
      } else if (sequence.request().promptLogprobs() >= 0
          && position + 1 < sequence.promptLength()) {
        scorePrompt(sequence, position + 1, results.logits, row);
      }
      if (position >= sequence.length() - 1) {
        answer = i;
        break;
      }
    }
    if (sequence.numComputedTokens() < sequence.length()) {
      scheduler.share(sequence);
      return; // there is more of its text to come
    }
    if (sequence.request().promptLogprobs() >= 0) {
      sequence.stream().promptLogprobs(sequence.promptLogprobs());
    }
    if (pooled) {
      sequence.stream().vector(sequence.pooled());
    }
    if (pooled || sequence.request().promptOnly()) {
      scheduler.share(sequence);
      scheduler.finish(sequence, FinishReason.LENGTH);
      return;
    }
    choose(sequence, part, answer, results);
  }

  /** Chooses a token, and one after each guess as long as guesses are right. */
  private void choose(Sequence sequence, Step.Part part, int from, Results results) {
    int guesses = part.outputs() - from - 1;
    int right = 0;
    boolean ended = false;
    for (int i = from; i < part.outputs() && !ended; i++) {
      boolean guessed = next(sequence, results.logits, results.rows[part.firstOutput() + i]);
      right += guessed ? 1 : 0;
      ended = !guessed || sequence.isEnded();
    }
    draftedTokens += guesses;
    acceptedTokens += right;
    sequence.settle(guesses, right);
    scheduler.share(sequence);
    FinishReason reason = sequence.ending();
    if (reason != null) {
      scheduler.finish(sequence, reason);
    }
  }

  /** Chooses by one row; whether it was the next guess. */
  private boolean next(Sequence sequence, Tensor logits_RV, int row) {
    Request request = sequence.request();
    logits.load(logits_RV, row);
    Scoring scoring = request.logprobs() < 0 ? null : Scoring.of(logits, request.logprobs());
    int token = sequence.sampler().sample(logits);
    TokenLogprob logprob =
        scoring == null ? null : scoring.of(token, logits_RV, row, request.logprobsOf());
    boolean guessed = sequence.append(token);
    generatedTokens++;
    boolean stop = stopTokens.contains(token) && !request.params().ignoreEos();
    if (stop) {
      sequence.end(FinishReason.STOP);
    } else {
      sequence.stream().put(token, logprob);
      if (sequence.isFull()) {
        sequence.end(FinishReason.LENGTH);
      }
    }
    return guessed;
  }

  private void scorePrompt(Sequence sequence, int position, Tensor logits_RV, int row) {
    Request request = sequence.request();
    logits.load(logits_RV, row);
    sequence
        .promptLogprobs()
        .add(
            Scoring.of(logits, request.promptLogprobs())
                .of(sequence.token(position), logits_RV, row, request.logprobsOf()));
  }

  private static float[] row(Tensor hidden_RD, int row) {
    float[] numbers = new float[hidden_RD.dim(1)];
    long from = (long) row * numbers.length * Float.BYTES;
    MemorySegment.copy(hidden_RD.data(), Tensor.FLOAT, from, numbers, 0, numbers.length);
    return numbers;
  }

  /** A row's log-probabilities, taken before a sampler changes the row. */
  private record Scoring(double logSumExp, List<TokenLogprob.Alternative> top) {
    static Scoring of(Logits logits, int top) {
      double logSumExp = logits.logSumExp();
      List<TokenLogprob.Alternative> likeliest = new ArrayList<>(top);
      int count = top == 0 ? 0 : logits.best(top, Float.NEGATIVE_INFINITY);
      for (int i = 0; i < count; i++) {
        likeliest.add(
            new TokenLogprob.Alternative(logits.token(i), (float) (logits.value(i) - logSumExp)));
      }
      return new Scoring(logSumExp, likeliest);
    }

    TokenLogprob of(int token, Tensor logits_RV, int row, List<Integer> also) {
      List<TokenLogprob.Alternative> all = new ArrayList<>(top);
      for (int other : also) {
        all.add(new TokenLogprob.Alternative(other, logprob(other, logits_RV, row)));
      }
      return new TokenLogprob(token, logprob(token, logits_RV, row), all);
    }

    private float logprob(int token, Tensor logits_RV, int row) {
      return (float) (logits_RV.get((long) row * logits_RV.dim(1) + token) - logSumExp);
    }
  }
}
