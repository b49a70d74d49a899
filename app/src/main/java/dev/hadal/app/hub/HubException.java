package dev.hadal.app.hub;

import java.io.IOException;
import java.io.Serial;

/** A model could not be fetched; the message says why and what helps. */
public final class HubException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  HubException(String message) {
    super(message);
  }

  HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
