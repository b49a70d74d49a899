package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A model on disk: its configuration and its tensors, under Hugging Face's names whichever format
 * they came in.
 *
 * <p>Files are memory-mapped: opening reads the directory only, a tensor's numbers are read when
 * they are first touched, and {@link #close} unmaps them at once (using a tensor afterwards is an
 * {@link IllegalStateException}). Reading is safe from any thread.
 *
 * <p>Names that Hugging Face does not have: {@code model.rope_freqs.weight}, {@code
 * self_attn.k_b_proj.weight} (H, C, n) and {@code self_attn.v_b_proj.weight} (H, v, C). Mixtral's
 * experts are {@code mlp.experts.N.gate_proj.weight} as everyone's.
 *
 * <p><b>A file that changes while it is mapped.</b> Replacing it (a new file moved over its name,
 * as downloads do) is safe: the mapping keeps the old one. A file written to in place is found by
 * {@link #requireUnchanged()}, which is cheap enough to ask before every answer. Between two such
 * questions nothing can be promised: overwritten numbers are read as they are; touching what was
 * cut off is an {@link InternalError} in plain Java code, while vector and machine code end the
 * process with the JVM's own fatal error report ({@code SIGBUS}).
 */
public interface Checkpoint extends AutoCloseable {

  /**
   * Opens a {@code .gguf} file, any part of a split set, a {@code .safetensors} file, or a folder
   * with safetensors and a {@code config.json}.
   *
   * @throws IllegalArgumentException if there is nothing at the path, or a folder without a model
   * @throws FormatException if a file is damaged or of an unknown kind
   */
  static Checkpoint open(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("there is no model at " + path);
    }
    if (Files.isDirectory(path) || path.toString().endsWith(".safetensors")) {
      return SafetensorsCheckpoint.open(path);
    }
    return GgufCheckpoint.open(path);
  }

  /** The configuration. */
  Config config();

  /** The names of all tensors. */
  Set<String> names();

  /** Whether a tensor of this name is there. */
  boolean has(String name);

  /**
   * A tensor; its memory belongs to the checkpoint.
   *
   * @throws FormatException if there is none of this name; the message names those that come near
   */
  Tensor tensor(String name);

  /** A tensor's dimensions. */
  default int[] shape(String name) {
    return tensor(name).shape();
  }

  /** A tensor's rows as floats, for whoever needs no more than some of them at a time. */
  default OutputTensor.Rows rows(String name) {
    return OutputTensor.rows(tensor(name));
  }

  /** Whether tensors lie in files; if not, each is made when it is asked for. */
  default boolean isMapped() {
    return true;
  }

  /**
   * What the format says beside configuration and tensors. GGUF: the metadata under its own keys
   * (Long, Double, Boolean, String and arrays {@code long[]}, {@code float[]}, {@code double[]},
   * {@code boolean[]}, {@code String[]}, {@code Object[]}). Safetensors: the folder's JSON files as
   * maps under their names without {@code .json} ({@code generation_config}, {@code
   * tokenizer_config}), and the text of {@code chat_template.jinja} under {@code chat_template}.
   */
  Map<String, Object> metadata();

  /** The file or folder, as it was opened. */
  Path source();

  /** Bytes of all its model files. */
  long totalBytes();

  /**
   * Checks that nobody wrote to the mapped files.
   *
   * @throws FormatException if one was cut, grew or was written to in place
   */
  default void requireUnchanged() {}

  /** Unmaps the files. */
  @Override
  void close();
}
