package dev.hadal.engine;

/** There is no room for a request, now or ever; the message says which and what to do. */
public class CapacityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CapacityException(String message) {
    super(message);
  }
}
