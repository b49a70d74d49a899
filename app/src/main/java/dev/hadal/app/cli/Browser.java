package dev.hadal.app.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The browser of whoever sits before this machine. */
final class Browser {
  private Browser() {}

  /** Shows a page; false if there is no browser, or nobody to see it. */
  static boolean show(URI address) {
    try {
      Process opening =
          new ProcessBuilder(command(address.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // Some openers stay as long as the browser does: that is a success too.
      return !opening.waitFor(2, TimeUnit.SECONDS) || opening.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> command(String address) {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      return List.of("cmd", "/c", "start", "", address);
    }
    return List.of(os.startsWith("mac") ? "open" : "xdg-open", address);
  }
}
