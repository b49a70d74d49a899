package dev.hadal.app.server;

/** Ends a request with a {@link Failure}. */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  RequestException(Failure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
