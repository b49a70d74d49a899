package dev.hadal.model;

import dev.hadal.backend.KvCache;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.nn.Weights;
import dev.hadal.tensor.Tensor;
import java.util.Map;

/**
 * Bytes that a decoding step must read: every weight that its tokens meet, once, and what the cache
 * holds of each sequence.
 */
public final class Traffic {
  private Traffic() {}

  /**
   * @param sequences how many decode together
   * @param depth tokens in the cache of each
   */
  public static long bytesPerStep(Checkpoint checkpoint, int sequences, int depth) {
    Config config = checkpoint.config();
    Weights weights = Weights.of(checkpoint);
    Model model = Architectures.create(config, weights);
    double sum = 0;
    for (Map.Entry<String, Tensor> parameter : weights.parameters().entrySet()) {
      sum += share(parameter.getKey(), config, sequences) * parameter.getValue().data().byteSize();
    }
    return Math.round(sum) + (long) sequences * depth * KvCache.bytesPerToken(model.cacheSpec());
  }

  /** The part of a tensor that is read: of experts, those that some token is expected to choose. */
  private static double share(String name, Config config, int sequences) {
    if (name.equals("model.embed_tokens.weight")) {
      return config.tieWordEmbeddings() ? 1 : 0; // a few rows, unless it is the head as well
    }
    if (isBeyondLastLayer(name, config)) {
      return 0;
    }
    if (name.contains(".mlp.experts.")) {
      double missed = 1 - (double) config.numExpertsPerTok() / config.numExperts();
      return 1 - Math.pow(missed, sequences);
    }
    return 1;
  }

  private static boolean isBeyondLastLayer(String name, Config config) {
    for (int i = 0; i < config.numNextnPredictLayers(); i++) {
      if (name.startsWith("model.layers." + (config.numHiddenLayers() + i) + ".")) {
        return true;
      }
    }
    return false;
  }
}
