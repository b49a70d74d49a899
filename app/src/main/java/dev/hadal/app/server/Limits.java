package dev.hadal.app.server;

import java.time.Duration;

/**
 * What one request may cost.
 *
 * @param bodyBytes most bytes of a body
 * @param depth how deep its JSON may be nested
 * @param bodyTime how long a body may take to arrive
 * @param answerTime how long an answer may take, the wait included; zero for as long as it takes
 * @param heartbeat how long a stream is silent before a comment says that it lives
 */
public record Limits(
    int bodyBytes, int depth, Duration bodyTime, Duration answerTime, Duration heartbeat) {
  /** 32 MiB, nested 100 deep, in half a minute; an hour to answer. */
  public static Limits defaults() {
    return new Limits(
        32 << 20, 100, Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofSeconds(10));
  }

  public Limits withBodyBytes(int value) {
    return new Limits(value, depth, bodyTime, answerTime, heartbeat);
  }

  public Limits withBodyTime(Duration value) {
    return new Limits(bodyBytes, depth, value, answerTime, heartbeat);
  }

  public Limits withAnswerTime(Duration value) {
    return new Limits(bodyBytes, depth, bodyTime, value, heartbeat);
  }

  public Limits withHeartbeat(Duration value) {
    return new Limits(bodyBytes, depth, bodyTime, answerTime, value);
  }
}
