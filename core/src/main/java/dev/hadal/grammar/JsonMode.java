package dev.hadal.grammar;

/** Any JSON: what is called JSON mode. Arrays and objects are nested at most 64 deep. */
public final class JsonMode {
  /** Most levels of arrays and objects. */
  public static final int MAX_DEPTH = 64;

  private static final Grammar OBJECT =
      Grammar.of(algebra -> new JsonText(algebra).object(MAX_DEPTH));
  private static final Grammar VALUE =
      Grammar.of(algebra -> new JsonText(algebra).value(MAX_DEPTH));

  private JsonMode() {}

  /** Any object, as OpenAI's {@code json_object} means it. */
  public static Grammar object() {
    return OBJECT;
  }

  /** Any value. */
  public static Grammar value() {
    return VALUE;
  }
}
