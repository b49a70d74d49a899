package dev.hadal.app.cli;

import dev.hadal.format.Checkpoint;
import dev.hadal.format.QuantType;
import dev.hadal.format.Quantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model in another storage type. */
@Command(
    name = "quantize",
    header = "Makes a model smaller: writes it as GGUF in another storage type.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal quantize Qwen3-0.6B/ qwen3-0.6b.q8_0.gguf --type q8_0",
      "  hadal quantize llama.f16.gguf llama.q4_k_m.gguf --type q4_k_m"
    })
final class Quantize implements Callable<Integer> {
  private final Io io;

  @Parameters(index = "0", paramLabel = "IN", description = "The model.")
  private String in = "";

  @Parameters(index = "1", paramLabel = "OUT", description = "The .gguf file to write.")
  private String out = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      description = {
        "From best to smallest: f32, f16, bf16, q8_0, q6_k, q5_k_m, q5_1, q5_0, q4_k_m, iq4_nl,"
            + " q4_1, q4_0. A good choice is q8_0 for small models, q4_k_m for large ones."
      })
  private String type = "";

  Quantize(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    QuantType wanted = QuantType.of(type);
    Path target = Path.of(out);
    Path folder = target.toAbsolutePath().getParent();
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(
          target + " is a folder; name the file to write, such as " + target.resolve("model.gguf"));
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "there is no folder " + folder + " to write to; make it first (mkdir -p)");
    }
    try (Checkpoint model = Checkpoint.open(Models.resolve(in))) {
      try (Progress progress = new Progress(io, "quantising")) {
        Quantizer.quantize(model, target, wanted, progress::update);
      }
      io.out()
          .println(
              "%s: %s as %s, was %s"
                  .formatted(
                      target,
                      Sizes.bytes(Files.size(target)),
                      wanted,
                      Sizes.bytes(model.totalBytes())));
    }
    return 0;
  }
}
