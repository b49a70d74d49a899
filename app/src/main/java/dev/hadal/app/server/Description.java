package dev.hadal.app.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server answers, for programs: an OpenAPI 3.1 description made from the routes
 * themselves. Bodies are described by example, and failures by one of the room's own; what a body
 * may hold beyond that is the interface's own reference's to say.
 */
final class Description {
  /** {@code {name}}, {@code {+name}} over several segments, {@code {name:regex}}, {@code *}. */
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\+?)(\\w+)(:[^}]*)?}|\\*");

  private final List<Routes.Route> routes;
  private final boolean keyed;

  /**
   * @param keyed whether the server asks for a key
   */
  Description(List<Routes.Route> routes, boolean keyed) {
    this.routes = routes;
    this.keyed = keyed;
  }

  ObjectNode json() {
    ObjectNode all = object().put("openapi", "3.1.0");
    all.putObject("info")
        .put("title", "Hadal")
        .put("version", version())
        .put("description", "Language models on this server, in the interfaces of several others.");
    all.putArray("servers").addObject().put("url", "/");
    ArrayNode tags = all.putArray("tags");
    rooms().forEach(room -> tags.addObject().put("name", room.title()));
    ObjectNode paths = all.putObject("paths");
    for (Routes.Route route : routes) {
      paths
          .withObjectProperty(template(route.path()))
          .set(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode components = all.putObject("components");
    ObjectNode schemas = components.putObject("schemas");
    for (Room room : rooms()) {
      JsonNode example = room.error(Failure.invalid("model", "model is 7; expected text"));
      ObjectNode schema = schema(example);
      schema.putArray("examples").add(example);
      schemas.set(errorName(room), schema);
    }
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("header").put("type", "apiKey").put("in", "header").put("name", "x-api-key");
    return all;
  }

  private Set<Room> rooms() {
    Set<Room> rooms = new LinkedHashSet<>();
    routes.forEach(route -> rooms.add(route.room()));
    return rooms;
  }

  private ObjectNode operation(Routes.Route route) {
    ObjectNode operation = object();
    operation.putArray("tags").add(route.room().title());
    operation.put("summary", route.summary()).put("operationId", id(route));
    ArrayNode security = operation.putArray("security");
    if (keyed && !route.open()) {
      security.addObject().putArray("bearer");
      security.addObject().putArray("header");
    }
    List<String> names = parameters(route.path());
    if (!names.isEmpty()) {
      ArrayNode parameters = operation.putArray("parameters");
      for (String name : names) {
        ObjectNode parameter =
            parameters.addObject().put("name", name).put("in", "path").put("required", true);
        parameter.putObject("schema").put("type", "string");
      }
    }
    if (route.hasBody()) {
      ObjectNode body = operation.putObject("requestBody");
      body.put("required", route.example().isPresent());
      ObjectNode content =
          body.putObject("content")
              .putObject(route.example().isPresent() ? "application/json" : "*/*");
      route
          .example()
          .ifPresent(example -> {
            content.putObject("schema").put("type", "object");
            content.set("example", example);
          });
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode good = responses.putObject("200").put("description", "What was asked for.");
    ObjectNode content = good.putObject("content");
    route.answers().forEach(content::putObject);
    for (String range : route.open() ? List.of("4XX") : List.of("4XX", "5XX")) {
      responses
          .putObject(range)
          .put("description", range.equals("4XX") ? "What is wrong with it." : "Why it failed.")
          .putObject("content")
          .putObject("application/json")
          .putObject("schema")
          .put("$ref", "#/components/schemas/" + errorName(route.room()));
    }
    return operation;
  }

  /** A path as OpenAPI writes it: a name in braces for every part that varies. */
  static String template(String path) {
    return PARAMETER.matcher(path).replaceAll(m -> Matcher.quoteReplacement("{" + name(m) + "}"));
  }

  private static List<String> parameters(String path) {
    List<String> names = new ArrayList<>();
    PARAMETER.matcher(path).results().forEach(m -> names.add(name(m)));
    return names;
  }

  private static String name(MatchResult found) {
    String name = found.group(2);
    return name == null ? "rest" : name;
  }

  private static String id(Routes.Route route) {
    String path = template(route.path()).replaceAll("[^A-Za-z0-9]+", "_");
    return route.method().toLowerCase(Locale.ROOT) + path.replaceAll("_$", "");
  }

  private static String errorName(Room room) {
    return room.title().replaceAll("[^A-Za-z0-9._-]", "") + "Error";
  }

  /** The form of an example: what is there is always there, of this type. */
  private static ObjectNode schema(JsonNode example) {
    ObjectNode schema = object();
    if (example.isObject()) {
      schema.put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = schema.putArray("required");
      example.forEachEntry((name, value) -> {
        properties.set(name, schema(value));
        required.add(name);
      });
    } else if (example.isString()) {
      schema.putArray("type").add("string").add("null");
    } else if (example.isNumber()) {
      schema.put("type", "number");
    } else if (example.isBoolean()) {
      schema.put("type", "boolean");
    }
    return schema;
  }

  private static String version() {
    String version = Description.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  private static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }
}
