package dev.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a model chooses among the allowed tokens, another validator finds no fault with it. */
final class RandomWalkTest {
  private static final ByteVocabulary VOCABULARY =
      new ByteVocabulary(
          "\":",
          "\": \"",
          "\",\"",
          "\", \"",
          "\"}",
          "}]",
          "\"]",
          "{\"",
          "[\"",
          "12",
          "2024-",
          "the ",
          "\\u00e9",
          "@example.com",
          "é",
          "😀",
          "true",
          "null",
          ", ",
          "name",
          "\n  ");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"object\"}",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":5}",
        "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"boolean\"}],\"items\":false,\"minItems\":1}",
        "{\"type\":\"string\",\"minLength\":3,\"maxLength\":7}",
        "{\"type\":\"string\",\"pattern\":\"^[a-z]+(-[0-9]{2,4})?$\"}",
        "{\"type\":\"string\",\"pattern\":\"b|^c\",\"maxLength\":9}",
        "{\"type\":\"string\",\"format\":\"date\"}",
        "{\"type\":\"string\",\"format\":\"date-time\"}",
        "{\"type\":\"string\",\"format\":\"uuid\"}",
        "{\"type\":\"string\",\"format\":\"ipv4\"}",
        "{\"type\":\"string\",\"format\":\"ipv6\"}",
        "{\"type\":\"string\",\"format\":\"uri\",\"maxLength\":60}",
        "{\"type\":\"string\",\"format\":\"duration\"}",
        "{\"type\":\"string\",\"format\":\"hostname\",\"maxLength\":60}",
        "{\"type\":\"integer\",\"minimum\":-17,\"maximum\":2345}",
        "{\"type\":\"integer\",\"exclusiveMinimum\":99,\"exclusiveMaximum\":1001}",
        "{\"type\":\"integer\",\"maximum\":-5}",
        "{\"type\":\"number\",\"minimum\":-1.25,\"exclusiveMaximum\":3.5}",
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":0.125}",
        "{\"type\":\"number\",\"multipleOf\":0.01,\"minimum\":0}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"integer\"},\"c\":{\"type\":\"null\"}},\"required\":[\"b\",\"d\"]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{},\"c\":{}},\"minProperties\":1,\"maxProperties\":2,\"additionalProperties\":false}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":{\"type\":\"integer\"},\"maxProperties\":4}",
        "{\"type\":\"object\",\"patternProperties\":{\"^n\":{\"type\":\"number\"},\"e$\":{\"minimum\":3}},\"additionalProperties\":{\"type\":\"null\"}}",
        "{\"type\":\"object\",\"propertyNames\":{\"maxLength\":3},\"additionalProperties\":{\"type\":\"boolean\"},\"minProperties\":1}",
        "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":2},{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"integer\"}},\"required\":[\"x\"]}]}",
        "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"a\"},\"n\":{\"type\":\"integer\"}},\"required\":[\"kind\"]},{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"b\"},\"s\":{\"type\":\"string\"}},\"required\":[\"kind\"]}]}",
        "{\"oneOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]},{\"properties\":{\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]}],\"type\":\"object\"}",
        "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":5}}},{\"properties\":{\"a\":{\"maximum\":7},\"b\":{\"enum\":[1,\"two\",[3],{\"four\":4}]}},\"required\":[\"a\",\"b\"]}]}",
        "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"integer\"},\"kids\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"},\"maxItems\":2}},\"required\":[\"v\"]}}}",
        "{\"type\":\"object\",\"properties\":{\"card\":{\"type\":\"integer\"},\"address\":{\"type\":\"string\"}},\"dependentRequired\":{\"card\":[\"address\"]}}",
        "{\"type\":\"object\",\"properties\":{\"kind\":{\"enum\":[\"a\",\"b\"]},\"n\":{\"type\":\"integer\"}},\"required\":[\"kind\"],\"if\":{\"properties\":{\"kind\":{\"const\":\"a\"}}},\"then\":{\"required\":[\"n\"]},\"else\":{\"properties\":{\"n\":false}}}",
        "{\"type\":[\"string\",\"null\",\"integer\"],\"not\":{\"enum\":[\"no\",\"n\"]},\"maxLength\":3}",
      })
  void whatIsWrittenIsValid(String schema) {
    Schema validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    Random random = new Random(schema.hashCode());
    for (Grammar grammar : grammars(schema)) {
      for (int i = 0; i < 40; i++) {
        String json = Walk.text(grammar.mask(VOCABULARY), VOCABULARY, random, 80);
        List<Error> faults =
            validator.validate(
                json,
                InputFormat.JSON,
                context -> context.executionConfig(c -> c.formatAssertionsEnabled(true)));
        assertThat(faults).as(json).isEmpty();
      }
    }
  }

  /**
   * As a model is held to it, and with properties of its own invention where that can be enforced.
   */
  private static List<Grammar> grammars(String schema) {
    List<Grammar> result = new ArrayList<>(List.of(JsonSchema.of(schema)));
    try {
      result.add(JsonSchema.lenient(new JsonMapper().readTree(schema)));
    } catch (UnsupportedSchemaException e) {
      assertThat(e.keyword()).isEqualTo("oneOf"); // branches are apart only without inventions
    }
    return result;
  }
}
