package dev.hadal.format;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not what it claims to be: damaged, cut short or hostile. The message reads {@code
 * file at byte N: reason}; the reason says what was found, what was expected and what to do.
 */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /**
   * @param file the file's name, as the reader knows it
   * @param offset where in the file, in bytes; -1 when no one place is to blame
   */
  public FormatException(String file, long offset, String reason) {
    this(file, offset, reason, null);
  }

  /** As above, with the failure that showed it. */
  public FormatException(String file, long offset, String reason, @Nullable Throwable cause) {
    super(
        offset < 0
            ? file + ": " + reason
            : String.format(Locale.ROOT, "%s at byte %,d: %s", file, offset, reason),
        cause);
    this.file = file;
    this.offset = offset;
  }

  public String file() {
    return file;
  }

  /** Bytes from the start of the file, or -1. */
  public long offset() {
    return offset;
  }
}
