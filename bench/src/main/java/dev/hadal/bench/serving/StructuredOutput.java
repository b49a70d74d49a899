package dev.hadal.bench.serving;

import dev.hadal.bench.harness.Turns;
import dev.hadal.bench.serving.Promise.Meaning;
import dev.hadal.engine.Request;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to hold an answer to a form. The round that warms up is the earlier answer that
 * works out masks; those measured answer other prompts. An answer that fills its form early goes on
 * with tokens that end it, so that all have as many.
 */
final class StructuredOutput {
  private static final double MOST_LOST = 0.05;

  /** Long enough for any answer here, short in its parts: no text runs to the answer's end. */
  private static final String SCHEMA =
      """
      {"type": "array", "minItems": 100, "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string", "maxLength": 12},
          "count": {"type": "integer", "minimum": 0, "maximum": 9999},
          "kind": {"enum": ["red", "green", "blue"]},
          "sold": {"type": "boolean"}},
        "required": ["name", "count", "kind", "sold"],
        "additionalProperties": false}}
      """;

  private StructuredOutput() {}

  static List<Promise> measure(ServedModel model, Options options) {
    Grammar schema = JsonSchema.of(SCHEMA);
    List<List<Double>> turns =
        Turns.take(
            options.rounds(),
            List.of(
                () -> tokensPerSecond(model, options.sizes(), null),
                () -> tokensPerSecond(model, options.sizes(), JsonMode.object()),
                () -> tokensPerSecond(model, options.sizes(), schema)));
    return List.of(
        promise("JSON mode beside free text", turns.get(0), turns.get(1)),
        promise("JSON Schema beside free text", turns.get(0), turns.get(2)));
  }

  private static double tokensPerSecond(
      ServedModel model, Options.Sizes sizes, @Nullable Grammar form) {
    Request request =
        Request.of(model.prompts().tokens(sizes.question()), BareEngine.exactly(sizes.answer()))
            .withMask(form == null ? null : form.mask(model.model().tokenizer()));
    return new BareEngine(model).decodeTokensPerSecond(request);
  }

  private static Promise promise(String name, List<Double> free, List<Double> held) {
    return new Promise(name, "t/s", free, held, Meaning.LOST, MOST_LOST);
  }
}
