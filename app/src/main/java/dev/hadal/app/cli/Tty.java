package dev.hadal.app.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a stream of this process is a terminal; the JDK tells it only of all at once. */
final class Tty {
  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private Tty() {}

  /**
   * @param descriptor 0 for standard input, 1 for output, 2 for errors
   */
  static boolean is(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      // On Linux the link tells, and spares the start of the foreign linker.
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return !Files.isDirectory(Path.of("/proc/self/fd")) && isatty(descriptor);
    }
  }

  @SuppressWarnings("restricted") // the C library's isatty reads nothing but the number it is given
  private static boolean isatty(int descriptor) {
    Linker linker = Linker.nativeLinker();
    String name = WINDOWS ? "_isatty" : "isatty";
    try {
      return linker
                  .defaultLookup()
                  .find(name)
                  .map(f -> linker.downcallHandle(f, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
                  .orElseThrow()
                  .invokeWithArguments(descriptor)
              instanceof Integer answer
          && answer != 0;
    } catch (Throwable e) { // what invokeWithArguments declares; plain text suits every stream
      return false;
    }
  }
}
