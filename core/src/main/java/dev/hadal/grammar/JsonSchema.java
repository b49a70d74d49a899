package dev.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that satisfies a JSON Schema, draft 2020-12. What is written satisfies the schema; the
 * converse is narrower:
 *
 * <ul>
 *   <li>Properties come in the order in which the schema names them, required ones that it does not
 *       name behind them, free ones last.
 *   <li>Properties beyond those named are written only where {@code additionalProperties} says so;
 *       {@link #lenient} takes its absence for leave, as the specification does.
 *   <li>Numbers have at most 20 digits on each side of the point, and no exponent where there are
 *       bounds.
 *   <li>{@code format} is enforced where it is known, and a remark where not.
 * </ul>
 *
 * <p>Keywords that can't be enforced are refused by name; unknown ones are remarks.
 */
public final class JsonSchema {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private JsonSchema() {}

  /**
   * @throws UnsupportedSchemaException if something in it cannot be enforced
   * @throws IllegalArgumentException if it is no JSON, or no value satisfies it
   */
  public static Grammar of(String schema) {
    try {
      return of(JSON.readTree(schema));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the schema is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** As {@link #of(String)}, of a schema that has been read. */
  public static Grammar of(JsonNode schema) {
    return of(schema, Sub.Extras.UNWRITTEN);
  }

  /**
   * As {@link #of(JsonNode)}, with properties that the schema does not name wherever it does not
   * forbid them. Models tend to invent some.
   */
  public static Grammar lenient(JsonNode schema) {
    return of(schema, Sub.Extras.ALLOWED);
  }

  private static Grammar of(JsonNode schema, Sub.Extras extras) {
    SchemaDocument document = new SchemaDocument(schema);
    return Grammar.of(
        algebra -> new SchemaNodes(algebra, document).of(List.of(Sub.root(schema, extras))));
  }

  /** The keywords that are enforced, in alphabetical order. */
  public static List<String> enforced() {
    return Keywords.ENFORCED;
  }

  /** The keywords that are refused where they would mean something, in alphabetical order. */
  public static List<String> refused() {
    return Keywords.refused();
  }

  /** The values of {@code format} that are enforced. */
  public static List<String> formats() {
    List<String> names = new ArrayList<>();
    Formats.names().forEach(names::add);
    return names;
  }
}
