package dev.hadal.grammar;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema within a schema. Two are equal if they are the same place, read in the same way.
 *
 * @param pointer where it stands, as {@code #/properties/name}
 * @param base the URI that its references are relative to
 * @param extras what it says of properties it does not speak of
 * @param ignoring keywords to pass over
 */
record Sub(JsonNode schema, String pointer, String base, Extras extras, Set<String> ignoring) {
  /** What a schema without {@code additionalProperties} says of properties it does not name. */
  enum Extras {
    /** They are allowed, as the specification has it. */
    ALLOWED,
    /** They are not written, unless nothing at all is named. */
    UNWRITTEN,
    /** They are forbidden. */
    FORBIDDEN
  }

  static Sub root(JsonNode schema, Extras extras) {
    return new Sub(schema, "#", "", extras, Set.of());
  }

  boolean has(String keyword) {
    return schema.has(keyword) && !ignoring.contains(keyword);
  }

  JsonNode get(String keyword) {
    return schema.path(keyword);
  }

  String at(String keyword) {
    return pointer + "/" + keyword.replace("~", "~0").replace("/", "~1");
  }

  /** A schema below this one. */
  Sub child(JsonNode child, String... path) {
    StringBuilder to = new StringBuilder(pointer);
    for (String step : path) {
      to.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return new Sub(child, to.toString(), base, extras, Set.of());
  }

  Sub without(String... keywords) {
    Set<String> less = new TreeSet<>(ignoring);
    less.addAll(Set.of(keywords));
    return new Sub(schema, pointer, base, extras, Set.copyOf(less));
  }

  Sub with(Extras other) {
    return new Sub(schema, pointer, base, other, ignoring);
  }

  String key() {
    return pointer + " " + extras.ordinal() + (ignoring.isEmpty() ? "" : new TreeSet<>(ignoring));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sub sub && key().equals(sub.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }
}
