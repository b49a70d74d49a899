package dev.hadal.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The starter model that is built in: stories260K, a storyteller of 260,000 parameters by Andrej
 * Karpathy (MIT; its notice lies beside it).
 *
 * <p>Models are mapped from files, so it is laid into the user's cache folder once, under a name
 * with a checksum of its content: what is there under this name is this model, whole.
 */
final class Tiny {
  static final String NAME = "tiny";

  private static final String RESOURCE = "/dev/hadal/app/models/tiny.gguf";

  private Tiny() {}

  /** The model's file, written if it is not there yet. */
  static Path file() throws IOException {
    byte[] model = read();
    String name = "tiny-" + digest(model) + ".gguf";
    Path kept = Places.cache().resolve("models").resolve(name);
    if (isThere(kept, model.length)) {
      return kept;
    }
    try {
      return write(kept, model);
    } catch (IOException e) {
      // A home that can't be written, as containers have: the system's folder for such files does.
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "hadal", name);
      return isThere(temporary, model.length) ? temporary : write(temporary, model);
    }
  }

  private static byte[] read() throws IOException {
    try (InputStream in = Tiny.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the built-in model is missing from this build: " + RESOURCE);
      }
      return in.readAllBytes();
    }
  }

  private static boolean isThere(Path file, int bytes) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == bytes;
  }

  private static Path write(Path file, byte[] model) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path half = Files.createTempFile(folder, "tiny", ".part");
    try {
      Files.write(half, model);
      return Files.move(
          half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static String digest(byte[] model) {
    // A checksum is enough to tell one version from another, and needs no security providers.
    CRC32C crc = new CRC32C();
    crc.update(model);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
