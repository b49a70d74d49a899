package dev.hadal.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The fixtures every clone carries, in {@code testdata/} at the top of the project. */
public final class TestData {
  private TestData() {}

  /** The folder itself; Maven runs tests in a module's folder, an IDE in the project's. */
  public static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("testdata")) && Files.exists(folder.resolve("hadal"))) {
        return folder.resolve("testdata");
      }
    }
    throw new AssertionError(
        "no testdata folder above "
            + Path.of("").toAbsolutePath()
            + "; run the tests inside the project");
  }

  /** A fixture, which must be there. */
  public static Path path(String relative) {
    Path file = root().resolve(relative);
    if (!Files.exists(file)) {
      throw new AssertionError("testdata/" + relative + " is missing; it belongs to the sources");
    }
    return file;
  }
}
