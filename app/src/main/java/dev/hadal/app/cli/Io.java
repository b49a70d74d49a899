package dev.hadal.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes. Text is UTF-8 whatever the locale says.
 *
 * @param typed input comes from a person at a terminal
 * @param shown output goes to a terminal
 * @param watched the error stream goes to a terminal, so that progress may be drawn there
 * @param colored output may be styled with ANSI sequences
 */
record Io(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean typed,
    boolean shown,
    boolean watched,
    boolean colored) {
  private static final String ESCAPE = "\u001b[";

  /** This process's own streams; {@code System.out} becomes the same one. */
  static Io system() {
    // A piece of an answer is flushed by whoever prints it; the rest is faster in large writes.
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 14),
            false,
            StandardCharsets.UTF_8);
    System.setOut(out);
    boolean shown = Tty.is(1);
    return new Io(
        System.in,
        out,
        System.err,
        Tty.is(0),
        shown,
        Tty.is(Integer.getInteger("hadal.stderr", 2)),
        shown && wantsColor());
  }

  private static boolean wantsColor() {
    String no = System.getenv("NO_COLOR");
    String term = System.getenv("TERM");
    boolean capable = term == null ? System.getenv("WT_SESSION") != null : !term.equals("dumb");
    return (no == null || no.isEmpty()) && capable;
  }

  /** Text that stands back, where colours are shown. */
  String dim(String text) {
    return styled("2", text);
  }

  String bold(String text) {
    return styled("1", text);
  }

  private String styled(String style, String text) {
    return colored && !text.isEmpty() ? ESCAPE + style + "m" + text + ESCAPE + "0m" : text;
  }

  /** One line to the person who started this, beside the output: {@code hadal: ...}. */
  void say(String sentence) {
    out.flush();
    err.println("hadal: " + sentence);
    err.flush();
  }
}
