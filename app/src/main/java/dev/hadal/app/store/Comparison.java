package dev.hadal.app.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt, two answers, and which was better.
 *
 * @param blind whether the models are unnamed until the vote
 * @param answerA the id of a message without a conversation
 */
public record Comparison(
    String id,
    long created,
    String prompt,
    List<Attachment> attachments,
    String system,
    Sampling sampling,
    String category,
    boolean blind,
    String modelA,
    String modelB,
    String answerA,
    String answerB,
    @Nullable Vote vote) {
  public Comparison {
    attachments = List.copyOf(attachments);
  }

  /**
   * What a person thought of it.
   *
   * @param winner {@code a}, {@code b}, {@code tie} or {@code both_bad}
   */
  public record Vote(String winner, String category, long created) {}

  /** How often a model won. */
  public record Tally(String model, int wins, int losses, int ties) {}

  /** Whether its models may be named. */
  public boolean isOpen() {
    return !blind || vote != null;
  }
}
