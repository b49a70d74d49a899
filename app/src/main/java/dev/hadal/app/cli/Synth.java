package dev.hadal.app.cli;

import dev.hadal.format.Config;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import dev.hadal.model.Architectures;
import dev.hadal.model.RandomCheckpoint;
import dev.hadal.model.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Writes a model of random weights, so that a machine is measured before anything is downloaded.
 */
@Command(
    name = "synth",
    header = "Writes a model of random weights in any shape.",
    description = {
      "%nSHAPE is a name or a Hugging Face config.json. The same shape and seed give the same"
          + " weights everywhere; the vocabulary spells bytes, so the model runs, and says"
          + " nonsense.",
      "",
      "Names: llama-3.2-1b, qwen2.5-0.5b, qwen2.5-1.5b, qwen3-0.6b, qwen3-moe-small,"
          + " deepseek-v2-lite-small, deepseek-v3-small, tiny-llama, tiny-qwen3-moe,"
          + " tiny-deepseek-v3.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal synth llama-3.2-1b --type q8_0 llama.gguf && hadal bench llama.gguf",
      "  hadal synth --shape deepseek-v2-lite-small --type q4_k_m lite.gguf",
      "  hadal synth config.json --seed 7 --type f32 random.gguf"
    })
final class Synth implements Callable<Integer> {
  private final Io io;

  @Parameters(
      arity = "1..2",
      paramLabel = "[SHAPE] OUT.gguf",
      description = "The shape (or --shape), and the file to write.")
  private String[] files = {};

  @Option(names = "--shape", paramLabel = "SHAPE", description = "A name or a config.json.")
  private @Nullable String shape;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What the weights are made from; ${DEFAULT-VALUE} by default.")
  private long seed = 1;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "How they are stored, as for 'hadal quantize': q8_0 (default), q4_0, q4_k_m, q6_k, f16,"
              + " bf16, f32 ...")
  private String type = "q8_0";

  Synth(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    Path out = Path.of(files[files.length - 1]);
    Config config = config();
    try (RandomCheckpoint weights = new RandomCheckpoint(config, seed);
        Progress progress = new Progress(io, "writing")) {
      Quantizer.quantize(weights, out, QuantType.of(type), progress::update);
    }
    io.say(
        "%s: %s, %s parameters, %s"
            .formatted(
                out,
                config.modelType(),
                Sizes.count(Architectures.count(config).total()),
                Sizes.bytes(Files.size(out))));
    return 0;
  }

  private Config config() {
    if ((shape == null) == (files.length == 1)) {
      throw new IllegalArgumentException(
          "one shape and one file to write are expected: hadal synth SHAPE OUT.gguf");
    }
    String wanted = shape == null ? files[0] : shape;
    return Shapes.names().contains(wanted) || !Files.exists(Path.of(wanted))
        ? Shapes.named(wanted)
        : Config.read(Path.of(wanted));
  }
}
