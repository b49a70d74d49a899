package dev.hadal.app.hub;

/** Hears how far a download is. Called from several threads, {@link #progress} from one. */
public interface PullListener {
  /** A download begins: this much is to be fetched. */
  void begins(String what, long bytes);

  /** So much of one stage, such as {@code model.gguf} or {@code checking}, is done. */
  void progress(String stage, long done, long total);

  /** Something a person should know. */
  void says(String sentence);
}
