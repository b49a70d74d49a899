package dev.hadal.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** One run of the command line, in this process. */
record Cli(int code, String out, String err) {
  /** Runs in pipes, with nothing to read. */
  static Cli run(String... args) {
    return reading("", args);
  }

  /** Runs in pipes, reading this. */
  static Cli reading(String input, String... args) {
    return run(input, false, args);
  }

  /** As a terminal shows it, without a person typing. */
  static Cli shown(String input, String... args) {
    return run(input, true, args);
  }

  private static Cli run(String input, boolean shown, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            shown,
            false,
            shown);
    int code = Main.execute(io, args);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
