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
 */
final class ReferenceRouting {
  private ReferenceRouting() {}

  static void run(
      Tensor expert_Tk,
      Tensor weight_Tk,
      Tensor logits_TE,
      float @Nullable [] bias_E,
      Routing routing) {
    int T = logits_TE.dim(0);
    int E = logits_TE.dim(1);
    int k = routing.expertsPerToken();
    float[] logits = logits_TE.toFloats();
    float[] scores_E = new float[E];
    float[] choices_E = new float[E];
    for (int t = 0; t < T; t++) {
      System.arraycopy(logits, t * E, scores_E, 0, E);
      score(scores_E, routing.scoring());
      for (int e = 0; e < E; e++) {
        choices_E[e] = scores_E[e] + (bias_E == null ? 0 : bias_E[e]);
      }
      if (routing.groups() > 1) {
        keepBestGroups(choices_E, routing);
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

  private static void score(float[] logits, Routing.Scoring scoring) {
    switch (scoring) {
      case SIGMOID -> {
        for (int e = 0; e < logits.length; e++) {
          logits[e] = (float) ReferenceKernels.sigmoid(logits[e]);
        }
      }
      case SOFTMAX -> {
        double[] exact = new double[logits.length];
        for (int e = 0; e < logits.length; e++) {
          exact[e] = logits[e];
        }
        ReferenceAttention.softmax(exact);
        for (int e = 0; e < logits.length; e++) {
          logits[e] = (float) exact[e];
        }
      }
    }
  }

  /** Leaves the choices of the best groups; the others can't win. */
  private static void keepBestGroups(float[] choices_E, Routing routing) {
    int size = choices_E.length / routing.groups();
    float[] worth = new float[routing.groups()];
    for (int g = 0; g < worth.length; g++) {
      float[] group = Arrays.copyOfRange(choices_E, g * size, (g + 1) * size);
      Arrays.sort(group);
      worth[g] = group[size - 1];
      if (routing.groupScore() == Routing.GroupScore.TOP2_SUM && size > 1) {
        worth[g] += group[size - 2];
      }
    }
    boolean[] kept = new boolean[worth.length];
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
