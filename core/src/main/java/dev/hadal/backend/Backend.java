package dev.hadal.backend;

/** A way to compute on this machine: its kernels and the threads behind them. */
public interface Backend extends AutoCloseable {
  /** A short name, as given to {@code --backend}. */
  String name();

  /** What it uses and why, in one line: for people. */
  String description();

  Kernels kernels();

  /** Stops its threads and frees its memory. */
  @Override
  void close();
}
