package dev.hadal.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code hadal} command: the root that every other command hangs from. */
@Command(
    name = "hadal",
    description = "Runs language models on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    Stderr.restore();
    Relaunch.withFlagsIfMissing(args);
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** The version in the jar's manifest; classes run from a folder have none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"hadal " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
