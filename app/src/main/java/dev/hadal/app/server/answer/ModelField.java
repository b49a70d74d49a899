package dev.hadal.app.server.answer;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Which model a request is for. */
public final class ModelField {
  private ModelField() {}

  /** The model that {@code model} names; without a name, the first that is served. */
  public static String read(Call call, Fields fields) {
    return fields
        .text("model")
        .orElseGet(() -> {
          try {
            return call.pool().catalog().list().getFirst().name();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
