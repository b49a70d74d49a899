package dev.hadal.app.server.answer;

import dev.hadal.app.server.Fields;
import dev.hadal.engine.SamplingParams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a request that steer sampling, in OpenAI's words and vLLM's additions. */
public final class SamplingFields {
  private static final int MOST_STOPS = 16;

  private SamplingFields() {}

  /**
   * What a request says, over the model's own defaults.
   *
   * @param length the fields that may say how long the answer gets, the first that is there counts
   */
  public static SamplingParams read(Fields fields, SamplingParams defaults, String... length) {
    SamplingParams params = defaults;
    OptionalDouble temperature = fields.number("temperature", 0, 2);
    if (temperature.isPresent()) {
      params = params.withTemperature((float) temperature.getAsDouble());
    }
    OptionalDouble topP = fields.number("top_p", 0, 1);
    if (topP.isPresent()) {
      // OpenAI takes 0, which leaves the likeliest token alone.
      params = params.withTopP((float) Math.max(topP.getAsDouble(), 1e-6));
    }
    OptionalInt topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
    if (topK.isPresent()) {
      params = params.withTopK(Math.max(0, topK.getAsInt()));
    }
    OptionalDouble minP = fields.number("min_p", 0, 1);
    if (minP.isPresent()) {
      params = params.withMinP((float) minP.getAsDouble());
    }
    OptionalDouble repetition = fields.number("repetition_penalty", 0.01, 10);
    params =
        params.withPenalties(
            (float) repetition.orElse(params.repetitionPenalty()),
            (float) fields.number("frequency_penalty", -2, 2).orElse(params.frequencyPenalty()),
            (float) fields.number("presence_penalty", -2, 2).orElse(params.presencePenalty()));
    OptionalLong seed = fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    if (seed.isPresent()) {
      params = params.withSeed(seed.getAsLong());
    }
    for (String name : length) {
      OptionalInt most = fields.integer(name, 1, Integer.MAX_VALUE);
      if (most.isPresent()) {
        params = params.withMaxTokens(most.getAsInt());
        break;
      }
    }
    return params
        .withStop(stop(fields))
        .withLogitBias(bias(fields))
        .withIgnoreEos(fields.flag("ignore_eos", params.ignoreEos()));
  }

  private static List<String> stop(Fields fields) {
    List<String> stop = fields.texts("stop");
    if (stop.size() > MOST_STOPS || stop.stream().anyMatch(String::isEmpty)) {
      throw fields.wrong("stop", "at most " + MOST_STOPS + " texts, none of them empty");
    }
    return stop;
  }

  private static Map<Integer, Float> bias(Fields fields) {
    Map<Integer, Float> bias = new HashMap<>();
    fields
        .object("logit_bias")
        .ifPresent(object -> {
          for (Map.Entry<String, JsonNode> entry : object.json().properties()) {
            float value = (float) object.number(entry.getKey(), -100, 100).orElse(0);
            try {
              bias.put(Integer.parseInt(entry.getKey()), value);
            } catch (NumberFormatException e) {
              throw fields.wrong("logit_bias", "token ids as keys, such as {\"42\": -100}");
            }
          }
        });
    return bias;
  }
}
