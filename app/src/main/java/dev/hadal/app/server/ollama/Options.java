package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Fields;
import dev.hadal.engine.SamplingParams;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The {@code options} of a request. Those about loading ({@code num_ctx}, {@code num_gpu}, {@code
 * num_thread} and the like) are the server's to choose and passed over; a way of sampling that is
 * not known here is refused by name.
 */
final class Options {
  private static final int MOST_STOPS = 16;

  private Options() {}

  /** What a request says, over the model's own defaults. */
  static SamplingParams read(Fields request, SamplingParams defaults) {
    Optional<Fields> given = request.object("options");
    if (given.isEmpty()) {
      return defaults;
    }
    Fields options = given.get();
    refuse(options, "mirostat", 0);
    refuse(options, "typical_p", 1);
    refuse(options, "tfs_z", 1);
    options.integer("num_ctx", 1, Integer.MAX_VALUE);
    SamplingParams params = sampling(options, defaults);
    OptionalLong seed = options.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    if (seed.isPresent() && seed.getAsLong() >= 0) { // below 0: any
      params = params.withSeed(seed.getAsLong());
    }
    OptionalInt most = options.integer("num_predict", -2, Integer.MAX_VALUE);
    if (most.isPresent() && most.getAsInt() == 0) {
      throw options.wrong("num_predict", "1 or more; -1 for as many as there is room for");
    }
    if (most.isPresent()) {
      params = params.withMaxTokens(Math.max(0, most.getAsInt()));
    }
    List<String> stop = options.texts("stop");
    if (stop.size() > MOST_STOPS || stop.stream().anyMatch(String::isEmpty)) {
      throw options.wrong("stop", "at most " + MOST_STOPS + " texts, none of them empty");
    }
    return params.withStop(stop);
  }

  private static void refuse(Fields options, String name, double neutral) {
    OptionalDouble value = options.number(name, 0, Double.MAX_VALUE);
    if (value.isPresent() && value.getAsDouble() != neutral) {
      throw options.refused(name, "temperature, top_k, top_p and min_p choose among tokens");
    }
  }

  private static SamplingParams sampling(Fields options, SamplingParams defaults) {
    SamplingParams params = defaults;
    OptionalDouble temperature = options.number("temperature", 0, 100);
    if (temperature.isPresent()) {
      params = params.withTemperature((float) temperature.getAsDouble());
    }
    OptionalInt topK = options.integer("top_k", -1, Integer.MAX_VALUE);
    if (topK.isPresent()) {
      params = params.withTopK(Math.max(0, topK.getAsInt()));
    }
    OptionalDouble topP = options.number("top_p", 0, 1);
    if (topP.isPresent()) {
      params = params.withTopP((float) Math.max(topP.getAsDouble(), 1e-6));
    }
    OptionalDouble minP = options.number("min_p", 0, 1);
    if (minP.isPresent()) {
      params = params.withMinP((float) minP.getAsDouble());
    }
    return params.withPenalties(
        (float) options.number("repeat_penalty", 0.01, 10).orElse(params.repetitionPenalty()),
        (float) options.number("frequency_penalty", -2, 2).orElse(params.frequencyPenalty()),
        (float) options.number("presence_penalty", -2, 2).orElse(params.presencePenalty()));
  }
}
