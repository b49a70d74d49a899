package dev.hadal.backend.reference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Batch;
import dev.hadal.backend.Kernels;
import dev.hadal.backend.KernelsContract;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract must catch what it is there for. */
final class PlantedBugTest {
  @Test
  void aForgottenLastInputIsCaught() {
    var contract =
        new Contract(
            new ReferenceKernels() {
              @Override
              public void linear(Tensor out_TO, Tensor x_TI, Tensor w_OI, @Nullable Tensor bias_O) {
                x_TI.set(x_TI.size() - 1, 0);
                super.linear(out_TO, x_TI, w_OI, bias_O);
              }
            });
    assertThatThrownBy(() -> contract.check(c -> c.linearMultiplies(DType.F32)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("linear");
  }

  @Test
  void aTokenThatSeesTheNextOneIsCaught() {
    var contract =
        new Contract(
            new ReferenceKernels() {
              @Override
              public void attention(
                  Tensor out_THd,
                  Tensor q_THd,
                  Tensor k_TKd,
                  Tensor v_TKd,
                  int layer,
                  Batch batch,
                  float scale,
                  int window) {
                super.attention(
                    out_THd,
                    q_THd,
                    k_TKd,
                    v_TKd,
                    layer,
                    batch,
                    scale,
                    window == 0 ? 0 : window + 1);
              }
            });
    assertThatThrownBy(() -> contract.check(Contract::windows)).isInstanceOf(AssertionError.class);
  }

  /** The contract over broken kernels. */
  private static final class Contract extends KernelsContract {
    private final Kernels broken;

    Contract(Kernels broken) {
      this.broken = broken;
    }

    @Override
    protected Backend backend() {
      return new ReferenceBackend() {
        @Override
        public Kernels kernels() {
          return broken;
        }
      };
    }

    void check(Consumer<Contract> part) {
      open();
      try {
        part.accept(this);
      } finally {
        close();
      }
    }

    void linearMultiplies(DType type) {
      linearMultipliesRows(type);
    }

    void windows() {
      attentionCases().forEach(this::attentionSeesItsOwnPast);
    }
  }
}
