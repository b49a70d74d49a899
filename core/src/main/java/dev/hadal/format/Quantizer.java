package dev.hadal.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a model as GGUF in another storage type. From GGUF everything that is not a matrix stays
 * as it was; from a Hugging Face folder names, configuration and vocabulary become GGUF's, so that
 * llama.cpp loads the result.
 */
public final class Quantizer {
  private static final int QUANTIZATION_VERSION = 2;

  private Quantizer() {}

  /**
   * @param out the file to write; it appears when it is whole
   * @throws IllegalArgumentException if {@code out} is the model's own file, or the architecture
   *     has no GGUF form
   * @throws FormatException if the model is damaged
   */
  public static void quantize(Checkpoint in, Path out, QuantType type, Progress progress) {
    if (Files.exists(out) && isSource(in, out)) {
      throw new IllegalArgumentException(
          out + " is the model itself; name another file to write to");
    }
    GgufSource source = GgufSource.of(in);
    QuantMix mix = QuantMix.of(type, source);
    List<OutputTensor> tensors = new ArrayList<>();
    for (GgufSource.Entry entry : source.tensors().stream().sorted(GgufSource.byLayer()).toList()) {
      tensors.add(entry.output(mix.typeOf(entry)));
    }
    source
        .metadata()
        .put("general.quantization_version", QUANTIZATION_VERSION)
        .put("general.file_type", type.fileType());
    GgufWriter.write(out, source.metadata(), tensors, progress);
  }

  private static boolean isSource(Checkpoint in, Path out) {
    return in.source().toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize());
  }
}
