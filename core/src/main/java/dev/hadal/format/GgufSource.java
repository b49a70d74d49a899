package dev.hadal.format;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as GGUF would have it, before types are chosen: what {@link Quantizer} writes from.
 *
 * @param tensors under GGUF's names
 */
record GgufSource(GgufMetadata metadata, Config config, List<Entry> tensors) {

  /**
   * A tensor to be written.
   *
   * @param tensor the numbers where they lie as they will be written, else null
   */
  record Entry(String name, List<Integer> shape, OutputTensor.Rows rows, @Nullable Tensor tensor) {
    static Entry of(String name, Tensor tensor) {
      return new Entry(name, shape(tensor), OutputTensor.rows(tensor), tensor);
    }

    static Entry of(String name, OutputTensor.Rows rows, int... shape) {
      List<Integer> dims = new ArrayList<>();
      for (int dim : shape) {
        dims.add(dim);
      }
      return new Entry(name, List.copyOf(dims), rows, null);
    }

    int columns() {
      return shape.getLast();
    }

    /** Dimensions that count: GGUF does not tell a row from a matrix of one row. */
    int rank() {
      int rank = shape.size();
      while (rank > 1 && shape.get(shape.size() - rank) == 1) {
        rank--;
      }
      return rank;
    }

    OutputTensor output(DType type) {
      if (tensor != null) {
        return OutputTensor.of(name, type, tensor);
      }
      return OutputTensor.of(
          name, type, rows, shape.stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<Integer> shape(Tensor tensor) {
      List<Integer> dims = new ArrayList<>();
      for (int dim : tensor.shape()) {
        dims.add(dim);
      }
      return List.copyOf(dims);
    }
  }

  static GgufSource of(Checkpoint checkpoint) {
    return checkpoint instanceof GgufCheckpoint gguf ? ofGguf(gguf) : HfSource.of(checkpoint);
  }

  private static GgufSource ofGguf(GgufCheckpoint checkpoint) {
    GgufFiles files = checkpoint.files();
    GgufMetadata metadata = GgufMetadata.copyOf(files.parts().get(0));
    metadata.remove("split.no").remove("split.count").remove("split.tensors.count");
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Tensor> tensor : files.tensors().entrySet()) {
      entries.add(Entry.of(tensor.getKey(), tensor.getValue()));
    }
    return new GgufSource(metadata, checkpoint.config(), entries);
  }

  /** Layers in order, whatever comes before and after them where it was. */
  static Comparator<Entry> byLayer() {
    return Comparator.comparingInt(e -> QuantMix.layer(e.name));
  }
}
