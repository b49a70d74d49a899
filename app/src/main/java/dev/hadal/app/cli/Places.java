package dev.hadal.app.cli;

import dev.hadal.app.hub.HubSettings;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where this system wants programs to keep their files. */
final class Places {
  private Places() {}

  /** For what can be made again. */
  static Path cache() {
    return of(System.getenv("XDG_CACHE_HOME"), ".cache", "Caches");
  }

  /** For what a person would miss a little: the history of lines. */
  static Path state() {
    return of(System.getenv("XDG_STATE_HOME"), ".local/state", "Application Support");
  }

  /** For what a person would miss much: conversations. */
  static Path data() {
    return of(System.getenv("XDG_DATA_HOME"), ".local/share", "Application Support");
  }

  /** Where models come from, and where they are kept. */
  static HubSettings hub() {
    return HubSettings.of(System.getenv(), home(), cache().resolve("hub"));
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home", "."));
  }

  private static Path of(@Nullable String named, String unix, String mac) {
    Path home = home();
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (named != null && Path.of(named).isAbsolute()) {
      return Path.of(named, "hadal");
    }
    if (os.startsWith("windows")) {
      String local = System.getenv("LOCALAPPDATA");
      Path base = local == null ? home.resolve("AppData").resolve("Local") : Path.of(local);
      return base.resolve("hadal");
    }
    return home.resolve(os.startsWith("mac") ? "Library/" + mac : unix).resolve("hadal");
  }
}
