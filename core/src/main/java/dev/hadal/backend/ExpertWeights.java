package dev.hadal.backend;

import dev.hadal.tensor.Tensor;
import java.util.List;

/**
 * The feed-forward matrices of E experts.
 *
 * @param gate_FD E matrices (F, D)
 * @param up_FD E matrices (F, D)
 * @param down_DF E matrices (D, F)
 */
public record ExpertWeights(List<Tensor> gate_FD, List<Tensor> up_FD, List<Tensor> down_DF) {
  public ExpertWeights {
    gate_FD = List.copyOf(gate_FD);
    up_FD = List.copyOf(up_FD);
    down_DF = List.copyOf(down_DF);
  }

  /** E. */
  public int count() {
    return gate_FD.size();
  }
}
