package dev.hadal.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a conversation's turns come from. A turn may have several lines. */
interface Lines extends AutoCloseable {
  /** The next turn; empty when the person leaves. */
  Optional<String> next() throws IOException;

  /** Does some work; Ctrl-C meanwhile runs {@code stop}, on another thread. */
  void interruptible(Runnable stop, Runnable work);

  @Override
  void close() throws IOException;

  /** Turns from a pipe or a terminal that can do nothing. */
  static Lines plain(Io io) {
    BufferedReader in = new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8));
    return new Lines() {
      @Override
      public Optional<String> next() throws IOException {
        prompt("> ");
        String text = in.readLine();
        while (text != null && Turns.isOpen(text)) {
          prompt("  ");
          String more = in.readLine();
          if (more == null) {
            break;
          }
          text += "\n" + more;
        }
        return Optional.ofNullable(text).map(Turns::close);
      }

      private void prompt(String prompt) {
        if (io.typed() && io.shown()) {
          io.out().print(prompt);
        }
        io.out().flush();
      }

      @Override
      public void interruptible(Runnable stop, Runnable work) {
        Interruption interruption = Interruption.stopping(stop);
        try {
          work.run();
        } finally {
          interruption.close();
        }
      }

      @Override
      public void close() {}
    };
  }
}
