package dev.hadal.app.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a JSON object in a request, read with their types. A null counts as absent; a wrong
 * type or value is a {@link RequestException} that names the field, what was found and what is
 * expected.
 */
public final class Fields {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The fields of a body, which must be an object. */
  public static Fields of(JsonNode body) {
    return of(body, "");
  }

  /**
   * The fields of an object inside a body.
   *
   * @param path where it is, such as {@code messages[0]}
   */
  public static Fields of(JsonNode node, String path) {
    if (!node.isObject()) {
      String where = path.isEmpty() ? "the body" : path;
      throw Failure.invalid(
              path.isEmpty() ? null : path, where + " is " + shown(node) + "; expected an object")
          .exception();
    }
    return new Fields(node, path);
  }

  public JsonNode json() {
    return object;
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** The field as it is; null if it is absent. */
  public @Nullable JsonNode node(String name) {
    return has(name) ? object.get(name) : null;
  }

  public Optional<String> text(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw wrong(name, "text");
    }
    return Optional.of(node.stringValue());
  }

  public String requiredText(String name) {
    return text(name).orElseThrow(() -> missing(name, "text"));
  }

  /** One of a few words. */
  public Optional<String> oneOf(String name, String... words) {
    Optional<String> text = text(name);
    if (text.isPresent() && !List.of(words).contains(text.get())) {
      throw wrong(name, "one of " + String.join(", ", words));
    }
    return text;
  }

  public Optional<Boolean> flag(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return Optional.of(node.booleanValue());
  }

  public boolean flag(String name, boolean otherwise) {
    return flag(name).orElse(otherwise);
  }

  public OptionalInt integer(String name, int least, int most) {
    OptionalLong whole = whole(name, least, most);
    return whole.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) whole.getAsLong());
  }

  public OptionalLong whole(String name, long least, long most) {
    JsonNode node = node(name);
    if (node == null) {
      return OptionalLong.empty();
    }
    boolean whole =
        node.isNumber()
            && node.canConvertToLong()
            && node.doubleValue() == Math.rint(node.doubleValue());
    if (!whole || node.asLong() < least || node.asLong() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return OptionalLong.of(node.asLong());
  }

  public OptionalDouble number(String name, double least, double most) {
    JsonNode node = node(name);
    if (node == null) {
      return OptionalDouble.empty();
    }
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value >= least && value <= most)) {
      throw wrong(name, "a number from " + plain(least) + " to " + plain(most));
    }
    return OptionalDouble.of(value);
  }

  public Optional<Fields> object(String name) {
    JsonNode node = node(name);
    return node == null ? Optional.empty() : Optional.of(of(node, at(name)));
  }

  /** The objects of an array; none if it is absent. */
  public List<Fields> objects(String name) {
    List<Fields> all = new ArrayList<>();
    for (JsonNode node : array(name)) {
      all.add(of(node, at(name) + "[" + all.size() + "]"));
    }
    return all;
  }

  /** The elements of an array; none if it is absent. */
  public List<JsonNode> array(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong(name, "an array");
    }
    return List.copyOf(node.values());
  }

  /** A text, or an array of texts. */
  public List<String> texts(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (JsonNode element : node.isArray() ? node.values() : List.of(node)) {
      if (!element.isString()) {
        throw wrong(name, "text, or an array of texts");
      }
      all.add(element.stringValue());
    }
    return all;
  }

  /** As plain maps, lists, texts and numbers. */
  public Map<String, Object> plain() {
    return new LinkedHashMap<>(JsonMapper.shared().convertValue(object, MAP));
  }

  /** Where a field is, as messages name it. */
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Says what is wrong with a field. */
  public RequestException wrong(String name, String expected) {
    JsonNode node = node(name);
    return node == null
        ? missing(name, expected)
        : Failure.invalid(at(name), at(name) + " is " + shown(node) + "; expected " + expected)
            .exception();
  }

  /** Says that a field is not supported, by name. */
  public RequestException refused(String name, String why) {
    return Failure.invalid(at(name), at(name) + " is not supported here: " + why).exception();
  }

  private RequestException missing(String name, String expected) {
    return Failure.invalid(at(name), at(name) + " is missing; expected " + expected).exception();
  }

  private static String shown(JsonNode node) {
    String text = node.isContainer() ? kind(node) : node.toString();
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private static String kind(JsonNode node) {
    return node.isArray() ? "an array" : "an object";
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
