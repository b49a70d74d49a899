package dev.hadal.app.server.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hadal.testing.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** OpenAI's own OpenAPI description, as the conformance kit has it. */
final class OpenAiDescription {
  private static final String PLACE = "https://kit.example/openapi.json";

  private final JsonNode document;
  private final SchemaRegistry registry;
  private final Map<String, String> events = new TreeMap<>();

  private OpenAiDescription(JsonNode document) {
    this.document = document;
    String json = document.toString();
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(PLACE, json)));
    for (JsonNode one : document.at("/components/schemas/ResponseStreamEvent/anyOf")) {
      String name = one.path("$ref").asString().replaceAll(".*/", "");
      events.put(
          document.at("/components/schemas/" + name + "/properties/type/enum/0").asString(), name);
    }
  }

  static OpenAiDescription read() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Files.newInputStream(Conformance.file("conformance/openai-openapi.yaml.gz")))) {
      String text = new String(in.readAllBytes(), UTF_8);
      // One example is a line of spaces deeper than its block, which YAML forbids.
      return new OpenAiDescription(
          corrected(new YAMLMapper().readTree(text.replaceAll("(?m)^ +$", ""))));
    }
  }

  /**
   * The description, where it differs from what OpenAI's own service and its clients say:
   *
   * <ul>
   *   <li>{@code nullable} was OpenAPI 3.0's word; in 3.1, which this claims to be, it says
   *       nothing.
   *   <li>A completion's chunk has no reason to end yet, which is null.
   *   <li>The first token of an echoed prompt has no probability, which is null.
   *   <li>A message without its type is told by two of an input item's alternatives, not one.
   * </ul>
   *
   * <p>What it does not forbid it allows: {@code reasoning_content}, as DeepSeek and vLLM send it,
   * and the sampling fields that vLLM adds.
   */
  private static JsonNode corrected(JsonNode document) {
    JsonNode nullable = withNulls(document);
    JsonNode schemas = nullable.at("/components/schemas");
    ObjectNode choice =
        (ObjectNode) schemas.at("/CreateCompletionResponse/properties/choices/items/properties");
    choice.set("finish_reason", orNull(choice.get("finish_reason")));
    ObjectNode lists = (ObjectNode) choice.at("/logprobs/anyOf/0/properties");
    for (String name : List.of("token_logprobs", "top_logprobs")) {
      ObjectNode list = (ObjectNode) lists.get(name);
      list.set("items", orNull(list.get("items")));
    }
    ObjectNode item = (ObjectNode) schemas.path("InputItem");
    item.set("anyOf", item.remove("oneOf"));
    return nullable;
  }

  private static JsonNode withNulls(JsonNode node) {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, withNulls(array.get(i)));
      }
    } else if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        object.set(name, withNulls(object.get(name)));
      }
      if (object.path("nullable").asBoolean(false)) {
        return orNull(object);
      }
    }
    return node;
  }

  private static ObjectNode orNull(JsonNode schema) {
    ObjectNode either = JsonMapper.shared().createObjectNode();
    either.putArray("anyOf").add(schema).addObject().put("type", "null");
    return either;
  }

  /** What is wrong with a body, by the schema of that name. */
  List<String> faults(String schema, JsonNode body) {
    Schema found = registry.getSchema(SchemaLocation.of(PLACE + "#/components/schemas/" + schema));
    return found.validate(body).stream().map(Error::toString).toList();
  }

  /** The schema of a stream's event; by its type. */
  String event(String type) {
    String name = events.get(type);
    if (name == null) {
      throw new AssertionError("no event has the type " + type + "; known are " + events.keySet());
    }
    return name;
  }

  /** The bodies that the description's examples send to an endpoint. */
  List<JsonNode> examples(String path) {
    JsonNode given =
        document.path("paths").path(path).path("post").path("x-oaiMeta").path("examples");
    List<JsonNode> bodies = new ArrayList<>();
    for (JsonNode example : given.isArray() ? given : List.of(given)) {
      String curl = example.path("request").path("curl").asString();
      int from = curl.indexOf('{');
      if (from < 0) {
        throw new AssertionError("an example of " + path + " has no body: " + curl);
      }
      bodies.add(JsonMapper.shared().readTree(curl.substring(from, curl.lastIndexOf('}') + 1)));
    }
    return bodies;
  }
}
