package dev.hadal.app.store;

import java.io.Serial;

/** The file of conversations could not be read or written; the message names it. */
public final class StoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
