package dev.hadal.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How the next token is chosen and when to stop. Names and meanings are those of the OpenAI API and
 * Hugging Face's generation config; a model's own defaults come from its {@code
 * generation_config.json}.
 *
 * @param temperature 0 takes the likeliest token; otherwise logits are divided by it
 * @param topK keep the k likeliest; 0 for all
 * @param topP keep the likeliest whose probabilities sum to this; 1 for all
 * @param minP keep those at least this fraction of the likeliest one's probability; 0 for all
 * @param repetitionPenalty divides positive logits (multiplies negative ones) of tokens seen
 *     before, the prompt's too; 1 for none
 * @param frequencyPenalty subtracted for every time a token was generated
 * @param presencePenalty subtracted once for a token that was generated
 * @param seed makes the choice repeatable; empty for a random one
 * @param maxTokens most tokens to generate; 0 for as many as the context has room for
 * @param stop strings that end the answer and are not part of it
 * @param logitBias added to the logits of these tokens
 * @param ignoreEos go on when the model says it has finished: for measuring
 */
public record SamplingParams(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    float frequencyPenalty,
    float presencePenalty,
    OptionalLong seed,
    int maxTokens,
    List<String> stop,
    Map<Integer, Float> logitBias,
    boolean ignoreEos) {

  private static final SamplingParams DEFAULTS =
      new SamplingParams(
          0.8f, 40, 0.95f, 0, 1, 0, 0, OptionalLong.empty(), 0, List.of(), Map.of(), false);

  public SamplingParams {
    check(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
    check(topK >= 0, "top_k", topK, "0 (all) or more");
    check(topP > 0 && topP <= 1, "top_p", topP, "above 0, at most 1 (all)");
    check(minP >= 0 && minP <= 1, "min_p", minP, "0 (all) to 1");
    check(repetitionPenalty > 0, "repetition_penalty", repetitionPenalty, "above 0; 1 for none");
    check(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", frequencyPenalty, "-2 to 2");
    check(Math.abs(presencePenalty) <= 2, "presence_penalty", presencePenalty, "-2 to 2");
    check(maxTokens >= 0, "max_tokens", maxTokens, "0 (as many as fit) or more");
    check(stop.stream().noneMatch(String::isEmpty), "stop", 0, "strings that are not empty");
    stop = List.copyOf(stop);
    logitBias = Map.copyOf(logitBias);
  }

  /** What is used where neither the user nor the model says otherwise. */
  public static SamplingParams defaults() {
    return DEFAULTS;
  }

  /** Always the likeliest token. */
  public static SamplingParams greedy() {
    return DEFAULTS.withTemperature(0);
  }

  /**
   * These parameters with what a model's {@code generation_config.json} (or the same keys
   * elsewhere) says.
   *
   * @param config keys such as {@code temperature}, {@code top_p}, {@code do_sample}; others are
   *     passed over
   */
  public SamplingParams with(Map<String, ?> config) {
    boolean greedy = Boolean.FALSE.equals(config.get("do_sample"));
    return changed(fields -> {
      fields.temperature = greedy ? 0 : number(config, "temperature", temperature);
      fields.topK = (int) number(config, "top_k", topK);
      fields.topP = number(config, "top_p", topP);
      fields.minP = number(config, "min_p", minP);
      fields.repetitionPenalty = number(config, "repetition_penalty", repetitionPenalty);
    });
  }

  private static float number(Map<String, ?> config, String key, float otherwise) {
    return config.get(key) instanceof Number n ? n.floatValue() : otherwise;
  }

  private static void check(boolean holds, String name, float found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is %s; expected %s", name, found, expected));
    }
  }

  public SamplingParams withTemperature(float value) {
    return changed(fields -> fields.temperature = value);
  }

  public SamplingParams withTopK(int value) {
    return changed(fields -> fields.topK = value);
  }

  public SamplingParams withTopP(float value) {
    return changed(fields -> fields.topP = value);
  }

  public SamplingParams withMinP(float value) {
    return changed(fields -> fields.minP = value);
  }

  public SamplingParams withPenalties(float repetition, float frequency, float presence) {
    return changed(fields -> {
      fields.repetitionPenalty = repetition;
      fields.frequencyPenalty = frequency;
      fields.presencePenalty = presence;
    });
  }

  public SamplingParams withSeed(long value) {
    return changed(fields -> fields.seed = OptionalLong.of(value));
  }

  public SamplingParams withMaxTokens(int value) {
    return changed(fields -> fields.maxTokens = value);
  }

  public SamplingParams withStop(List<String> value) {
    return changed(fields -> fields.stop = value);
  }

  public SamplingParams withLogitBias(Map<Integer, Float> value) {
    return changed(fields -> fields.logitBias = value);
  }

  public SamplingParams withIgnoreEos(boolean value) {
    return changed(fields -> fields.ignoreEos = value);
  }

  private SamplingParams changed(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.toParams();
  }

  /** The record's fields while they change. */
  private static final class Fields {
    private float temperature;
    private int topK;
    private float topP;
    private float minP;
    private float repetitionPenalty;
    private float frequencyPenalty;
    private float presencePenalty;
    private OptionalLong seed;
    private int maxTokens;
    private List<String> stop;
    private Map<Integer, Float> logitBias;
    private boolean ignoreEos;

    Fields(SamplingParams from) {
      temperature = from.temperature;
      topK = from.topK;
      topP = from.topP;
      minP = from.minP;
      repetitionPenalty = from.repetitionPenalty;
      frequencyPenalty = from.frequencyPenalty;
      presencePenalty = from.presencePenalty;
      seed = from.seed;
      maxTokens = from.maxTokens;
      stop = from.stop;
      logitBias = from.logitBias;
      ignoreEos = from.ignoreEos;
    }

    SamplingParams toParams() {
      return new SamplingParams(
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          frequencyPenalty,
          presencePenalty,
          seed,
          maxTokens,
          stop,
          logitBias,
          ignoreEos);
    }
  }
}
