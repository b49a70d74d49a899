package dev.hadal.app.hub;

/**
 * A token that no log and no message shows.
 *
 * @param source where it was found, which messages do say
 */
record Secret(String value, String source) {
  @Override
  public String toString() {
    return "(hidden, from " + source + ")";
  }
}
