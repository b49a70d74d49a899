package dev.hadal.engine;

/** Why a sequence ended. */
public enum FinishReason {
  /** The model said so, or a stop string was met. */
  STOP,
  /** As many tokens as were asked for, or as the context has room for. */
  LENGTH,
  /** The reader closed the stream. */
  CANCELLED,
  /** Its time was over; what was generated until then stands. */
  TIMEOUT
}
