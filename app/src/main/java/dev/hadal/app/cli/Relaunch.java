package dev.hadal.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.Signals;

/**
 * Gives {@code java -jar} the flags that the launcher gives: no manifest attribute adds a module,
 * so a JVM that started without the Vector API starts itself again with it.
 */
final class Relaunch {
  private static final String VECTOR_API = "jdk.incubator.vector";

  /** Set for the second JVM, so that one without the Vector API goes on without it. */
  private static final String ONCE = "hadal.relaunched";

  private Relaunch() {}

  /**
   * Returns when this JVM has its flags; otherwise runs the program in one that has, and exits with
   * its code.
   */
  static void withFlagsIfMissing(String[] args) {
    if (ModuleLayer.boot().findModule(VECTOR_API).isPresent() || Boolean.getBoolean(ONCE)) {
      return;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                VECTOR_API,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-D" + ONCE + "=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      // Ctrl-C reaches both: the one that answers decides, this one waits for it.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> waitFor(process)));
      // SIGTERM reaches this one alone.
      Signals.register("TERM", process::destroy);
      System.exit(waitFor(process));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot start " + command.getFirst() + " again with the Vector API", e);
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      return 1;
    }
  }
}
