package dev.hadal.backend.reference;

import dev.hadal.backend.Routing;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses experts: scores, the best groups, the k best choices in them, weights.
 *
 * <p>Source: DeepSeek-V3's own inference code and arXiv:2412.19437, section 2.1.2. Comparisons are
 * in float, as there, so that ties are ties here too.
 *
 * <p>Keeps its arrays from call to call: it runs for every token in every layer.
 */
final class ReferenceRouting {
  private float[] scores_E = new float[0];
  private float[] choices_E = new float[0];
  private double[] exact_E = new double[0];
  private float[] worth = new float[0];
  private boolean[] kept = new boolean[0];

  void run(
      Tensor expert_Tk,
      Tensor weight_Tk,
      Tensor logits_TE,
      float @Nullable [] bias_E,
      Routing routing) {
    int T = logits_TE.dim(0);
    int E = logits_TE.dim(1);
    int k = routing.expertsPerToken();
    size(E, routing.groups());
    for (int t = 0; t < T; t++) {
      for (int e = 0; e < E; e++) {
        scores_E[e] = logits_TE.get((long) t * E + e);
      }
      score(scores_E, routing.scoring());
      for (int e = 0; e < E; e++) {
        choices_E[e] = scores_E[e] + (bias_E == null ? 0 : bias_E[e]);
      }
      if (routing.groups() > 1) {
        keepBestGroups(routing);
      }
      double sum = 0;
      for (int j = 0; j < k; j++) {
        int e = best(choices_E);
        choices_E[e] = Float.NaN; // taken
        expert_Tk.setInt((long) t * k + j, e);
        sum += scores_E[e];
      }
      double factor = routing.scale() / (routing.normalize() ? sum + 1e-20 : 1);
      for (int j = 0; j < k; j++) {
        float s = scores_E[expert_Tk.getInt((long) t * k + j)];
        weight_Tk.set((long) t * k + j, (float) (s * factor));
      }
    }
  }

  private void size(int experts, int groups) {
    if (scores_E.length != experts || worth.length != groups) {
      scores_E = new float[experts];
      choices_E = new float[experts];
      exact_E = new double[experts];
      worth = new float[groups];
      kept = new boolean[groups];
    }
  }

  private void score(float[] logits, Routing.Scoring scoring) {
    switch (scoring) {
      case SIGMOID -> {
        for (int e = 0; e < logits.length; e++) {
          logits[e] = (float) ReferenceKernels.sigmoid(logits[e]);
        }
      }
      case SOFTMAX -> {
        for (int e = 0; e < logits.length; e++) {
          exact_E[e] = logits[e];
        }
        ReferenceAttention.softmax(exact_E);
        for (int e = 0; e < logits.length; e++) {
          logits[e] = (float) exact_E[e];
        }
      }
    }
  }

  /** Leaves the choices of the best groups; the others can't win. */
  private void keepBestGroups(Routing routing) {
    int size = choices_E.length / routing.groups();
    for (int g = 0; g < worth.length; g++) {
      float best = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = g * size; e < (g + 1) * size; e++) {
        float choice = choices_E[e];
        second = Math.max(second, Math.min(best, choice));
        best = Math.max(best, choice);
      }
      boolean both = routing.groupScore() == Routing.GroupScore.TOP2_SUM && size > 1;
      worth[g] = both ? best + second : best;
    }
    Arrays.fill(kept, false);
    for (int i = 0; i < routing.groupsPerToken(); i++) {
      int g = best(worth);
      kept[g] = true;
      worth[g] = Float.NaN;
    }
    for (int e = 0; e < choices_E.length; e++) {
      if (!kept[e / size]) {
        choices_E[e] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** The greatest, the first of equals; NaN (taken, or broken logits) only when nothing is left. */
  private static int best(float[] values) {
    int best = -1;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isNaN(values[i]) && (best < 0 || values[i] > values[best])) {
        best = i;
      }
    }
    return Math.max(best, 0);
  }
}
