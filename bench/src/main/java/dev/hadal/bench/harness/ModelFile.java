package dev.hadal.bench.harness;

import dev.hadal.format.Config;
import dev.hadal.format.Progress;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file of a model that is measured.
 *
 * @param name the shape's, or the file's without its folder
 * @param type of storage; empty where the file says it
 */
public record ModelFile(Path path, String name, String type) {

  /** What is done with it. */
  @FunctionalInterface
  public interface Use {
    void with(ModelFile file);
  }

  /** Every model, in every type: those of random weights live as long as they are used. */
  public static void each(List<String> models, List<String> types, Use use) {
    for (String model : models) {
      if (model.endsWith(".gguf")) {
        Path path = Path.of(model);
        use.with(new ModelFile(path, String.valueOf(path.getFileName()), ""));
      } else {
        types.forEach(type -> random(model, type, use));
      }
    }
  }

  private static void random(String shape, String type, Use use) {
    try {
      Path path = Files.createTempFile("hadal-" + shape + "-" + type, ".gguf");
      try {
        Config config = Shapes.named(shape);
        System.err.println("writing " + shape + " in " + type);
        Quantizer.quantize(
            new RandomCheckpoint(config, 1), path, QuantType.of(type), Progress.NONE);
        System.gc(); // what writing took is not what running takes
        use.with(new ModelFile(path, shape, type));
      } finally {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
