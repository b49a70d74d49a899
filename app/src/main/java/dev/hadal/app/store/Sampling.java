package dev.hadal.app.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How tokens are chosen, where it is not as the model has it; null is the model's default. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sampling(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty,
    @Nullable Long seed,
    @Nullable Integer maxTokens,
    @Nullable List<String> stop) {
  /** All as the model has it. */
  public static final Sampling DEFAULT =
      new Sampling(null, null, null, null, null, null, null, null, null, null);
}
