package dev.hadal.nn;

import dev.hadal.format.Checkpoint;
import dev.hadal.format.FormatException;
import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import dev.hadal.tensor.quant.Dequant;
import dev.hadal.tensor.quant.Quants;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tensors by name: a model asks for what it needs, with the shape it expects, and what was asked
 * for is the list of its parameters.
 *
 * <p>Names are those of Hugging Face checkpoints. A scope is a prefix of names; scopes share the
 * list.
 */
public final class Weights {
  private final Source source;
  private final String scope;
  private final Map<String, Tensor> given;

  /** Where tensors come from. */
  private interface Source {
    boolean has(String name);

    Tensor tensor(String name, int[] shape);
  }

  private Weights(Source source, String scope, Map<String, Tensor> given) {
    this.source = source;
    this.scope = scope;
    this.given = given;
  }

  /** The weights of a checkpoint, as they lie in its file. They live as long as it is open. */
  public static Weights of(Checkpoint checkpoint) {
    return new Weights(new FromCheckpoint(checkpoint), "", new LinkedHashMap<>());
  }

  /** Shapes without numbers: what a model of a configuration would need, for counting. */
  public static Weights shapes() {
    return new Weights(
        new Source() {
          @Override
          public boolean has(String name) {
            return false;
          }

          @Override
          public Tensor tensor(String name, int[] shape) {
            return Tensor.shapeOnly(DType.F32, shape);
          }
        },
        "",
        new LinkedHashMap<>());
  }

  /** The weights under {@code scope}, which may itself have dots. */
  public Weights at(String name) {
    return new Weights(source, scope + name + ".", given);
  }

  /**
   * Whether the checkpoint has a tensor of that name: for what only some writers of a family put
   * there.
   */
  public boolean has(String name) {
    return source.has(scope + name);
  }

  /**
   * A matrix, in whatever type it is stored.
   *
   * @throws FormatException if it is missing or has another shape
   */
  public Tensor tensor(String name, int... shape) {
    String full = scope + name;
    Tensor tensor = source.tensor(full, shape);
    given.put(full, tensor);
    return tensor;
  }

  /** A vector as F32: biases and norms are read number by number, and are small. */
  public Tensor vector(String name, int size) {
    return widened(name, DType.F32, size);
  }

  /**
   * A matrix that can be cut into views, which one with FP8 block scales can't: that becomes BF16.
   */
  public Tensor plain(String name, int... shape) {
    Tensor tensor = tensor(name, shape);
    return tensor.blockScale() == null ? tensor : converted(scope + name, tensor, DType.BF16);
  }

  private Tensor widened(String name, DType type, int... shape) {
    Tensor tensor = tensor(name, shape);
    return tensor.dtype() == type ? tensor : converted(scope + name, tensor, type);
  }

  private Tensor converted(String name, Tensor tensor, DType type) {
    Tensor copy = Tensor.allocate(Arena.ofAuto(), type, tensor.shape());
    int columns = tensor.dim(-1);
    float[] row = new float[columns];
    for (int r = 0; r < tensor.rowCount(); r++) {
      Dequant.decodeRow(tensor, r, row);
      Quants.encode(type, row, 0, columns, copy.data(), r * copy.rowBytes());
    }
    given.put(name, copy);
    return copy;
  }

  /** What was handed out so far, by full name, in the order it was asked for. */
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(given);
  }

  /** The numbers in it all; a matrix used twice under one name counts once. */
  public long parameterCount() {
    return given.values().stream().mapToLong(Tensor::size).sum();
  }

  private record FromCheckpoint(Checkpoint checkpoint) implements Source {
    @Override
    public boolean has(String name) {
      return checkpoint.has(name);
    }

    @Override
    public Tensor tensor(String name, int[] shape) {
      Tensor tensor = checkpoint.tensor(name);
      if (!tensor.hasShape(shape)) {
        throw new FormatException(
            checkpoint.source().getFileName().toString(),
            -1,
            "tensor '%s' is %s, %s expects %s; do its configuration and its tensors belong to the same model?"
                .formatted(
                    name,
                    Arrays.toString(tensor.shape()),
                    checkpoint.config().modelType(),
                    Arrays.toString(shape)));
      }
      return tensor;
    }
  }
}
