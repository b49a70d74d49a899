package dev.hadal.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/**
 * Takes stderr back from the launcher's filter.
 *
 * <p>The launcher starts the JVM with a pipe as its stderr, to drop the line about incubator
 * modules that the JDK prints before any class of ours runs, and leaves the real stderr at the
 * descriptor it names in {@code hadal.stderr}. The pipe stays for what the JVM itself may have to
 * say.
 */
final class Stderr {
  private Stderr() {}

  /** Makes {@code System.err} the real stderr, in UTF-8. */
  static void restore() {
    System.setErr(new PrintStream(new FileOutputStream(real()), true, StandardCharsets.UTF_8));
  }

  private static FileDescriptor real() {
    Integer number = Integer.getInteger("hadal.stderr");
    if (number == null) {
      return FileDescriptor.err;
    }
    try {
      // Opening /dev/fd/3 would be a new open file with an offset of its own: '>log 2>&1' would
      // lose lines.
      Constructor<FileDescriptor> of = FileDescriptor.class.getDeclaredConstructor(int.class);
      of.setAccessible(true);
      return of.newInstance(number);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // The filter passes on everything else, so the pipe does as well, only a moment later.
      return FileDescriptor.err;
    }
  }
}
