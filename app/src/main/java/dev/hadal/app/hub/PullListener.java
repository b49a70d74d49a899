package dev.hadal.app.hub;

/** Hears how far a download is. Called from several threads, {@link #progress} from one. */
public interface PullListener {
  /** A download begins: this much is to be fetched. */
  void begins(String what, long bytes);

  /** So much of one stage, such as {@code model.gguf} or {@code checking}, is done. */
  void progress(String stage, long done, long total);

  /**
   * A file's turn comes.
   *
   * @param name as later stages have it
   * @param checksum a SHA-256, or git's SHA-1 of a blob, in hexadecimal; empty if nobody says
   * @param bytes its size; -1 if nobody says
   */
  default void fetches(String name, String checksum, long bytes) {}

  /** Something a person should know. */
  void says(String sentence);
}
