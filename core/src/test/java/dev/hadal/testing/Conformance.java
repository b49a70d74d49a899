package dev.hadal.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The conformance kit: reference vectors, vocabularies and templates too large to travel with the
 * sources.
 *
 * <p>It is named by {@code -Dhadal.conformance=DIR} or lies beside the project as {@code
 * ../shared}. A clone without it still tests with {@link TestData}; {@code .ci/run} names it, so
 * that there a missing kit fails.
 */
public final class Conformance {
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Conformance() {}

  /**
   * The kit's folder; without one the calling test is aborted with a sentence, or fails if it was
   * named.
   */
  public static Path kit() {
    String named = System.getProperty("hadal.conformance", "");
    Path kit = TestData.root().resolveSibling(named.isEmpty() ? "../shared" : named).normalize();
    if (Files.isDirectory(kit)) {
      return kit;
    }
    String absent =
        "the conformance kit is not at "
            + kit
            + "; its tests are passed over, and need it there or at -Dhadal.conformance=DIR";
    if (!named.isEmpty()) {
      throw new AssertionError(absent);
    }
    if (SAID.compareAndSet(false, true)) {
      System.out.println(absent);
    }
    return abort(absent);
  }

  /** A file of the kit, which must be there. */
  public static Path file(String relative) {
    Path file = kit().resolve(relative);
    if (!Files.exists(file)) {
      throw new AssertionError(
          "the conformance kit has no " + relative + " (looked for " + file + ")");
    }
    return file;
  }
}
