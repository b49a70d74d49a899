package dev.hadal.backend;

/**
 * How a mixture of experts chooses: scores from router logits, top-k of them (inside the best
 * groups, if there are groups), weights.
 *
 * <p>Sources: DeepSeek-V2 (arXiv:2405.04434), DeepSeek-V3 (arXiv:2412.19437), Qwen2-MoE and
 * Qwen3-MoE.
 *
 * @param expertsPerToken k
 * @param scoring logits to scores
 * @param groups into how many equal groups the experts fall; 1 for none
 * @param groupsPerToken how many groups stay in the choice
 * @param groupScore what a group is worth
 * @param normalize whether the k weights are divided by their sum
 * @param scale what the weights are multiplied by at last
 */
public record Routing(
    int expertsPerToken,
    Scoring scoring,
    int groups,
    int groupsPerToken,
    GroupScore groupScore,
    boolean normalize,
    float scale) {

  /** Router logits to scores. */
  public enum Scoring {
    SOFTMAX,
    SIGMOID
  }

  /** What a group of experts is worth. */
  public enum GroupScore {
    /** Its best choice (DeepSeek-V2). */
    MAX,
    /** The sum of its two best choices (DeepSeek-V3). */
    TOP2_SUM
  }
}
