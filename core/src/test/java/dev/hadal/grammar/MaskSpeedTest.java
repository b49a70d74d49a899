package dev.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.engine.LogitMask;
import dev.hadal.testing.Conformance;
import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real vocabularies write real documents; prints what a mask costs, new and known. */
@Tag("conformance")
final class MaskSpeedTest {
  private static final String INVOICE =
      """
      {"type":"object","properties":{
        "number":{"type":"string","pattern":"^INV-[0-9]{6}$"},"date":{"type":"string","format":"date"},
        "customer":{"type":"object","properties":{"name":{"type":"string","maxLength":80},
          "email":{"type":"string","format":"email"},"vat":{"type":["string","null"]}},"required":["name","email"]},
        "lines":{"type":"array","minItems":1,"maxItems":50,"items":{"type":"object","properties":{
          "text":{"type":"string"},"quantity":{"type":"integer","minimum":1,"maximum":1000},
          "price":{"type":"number","minimum":0},"kind":{"enum":["goods","services"]}},"required":["text","quantity"]}},
        "currency":{"enum":["EUR","USD","GBP"]},"notes":{"type":"string"}},
        "required":["number","date","customer","lines","currency"]}
      """;
  private static final String BILL =
      "{\"number\": \"INV-004217\", \"date\": \"2025-03-17\", \"customer\": {\"name\": \"Søren"
          + " Müller & Söhne\", \"email\": \"billing@example.com\", \"vat\": null}, \"lines\":"
          + " [{\"text\": \"Blue mugs, hand-made (set of 6)\", \"quantity\": 12, \"price\": 18.5,"
          + " \"kind\": \"goods\"}, {\"text\": \"Express shipping\", \"quantity\": 1}],"
          + " \"currency\": \"EUR\", \"notes\": \"Please pay within 30 days.\"}";
  private static final String FREE =
      "{\n"
          + "  \"name\": \"Ada\",\n"
          + "  \"tags\": [\"a\", {\"deep\": [1, 2.5, -3e10, true, null]}],\n"
          + "  \"text\": \"It was a bright cold day.\"\n"
          + "}";

  @ParameterizedTest
  @ValueSource(strings = {"llama-3", "qwen3", "deepseek-v3"})
  void documentsAreWrittenTokenByToken(String name) {
    Tokenizer tokenizer =
        Tokenizers.fromJson(Conformance.file("tokenizers/" + name + "/tokenizer.json.gz"));
    TokenTrie trie = TokenTrie.of(tokenizer);
    for (int round = 0; round < 3; round++) { // the last is warm code
      write(name + " invoice", JsonSchema.of(INVOICE), trie, tokenizer, BILL);
      Grammar free = Grammar.of(algebra -> new JsonText(algebra).object(JsonMode.MAX_DEPTH));
      write(name + " free JSON", free, trie, tokenizer, FREE);
    }
  }

  private static void write(
      String what, Grammar grammar, TokenTrie trie, Tokenizer tokenizer, String text) {
    TokenMasks masks = new TokenMasks(grammar.algebra, trie);
    masks.prepare(grammar.start, Duration.ofMillis(30));
    int[] tokens = tokenizer.encode(text);
    String first = pass(masks, grammar, tokens, tokenizer);
    System.out.printf(
        "%s: new %s; known %s%n", what, first, pass(masks, grammar, tokens, tokenizer));
  }

  private static String pass(TokenMasks masks, Grammar grammar, int[] tokens, Tokenizer tokenizer) {
    LogitMask mask = new GrammarMask(masks, grammar.start);
    long[] nanos = new long[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      long begin = System.nanoTime();
      long[] allowed = mask.allowed();
      nanos[i] = System.nanoTime() - begin;
      assertThat(BitSet.valueOf(allowed).get(tokens[i])).as(tokenizer.token(tokens[i])).isTrue();
      mask.accept(tokens[i]);
    }
    assertThat(BitSet.valueOf(mask.allowed()).get(tokenizer.eos().orElseThrow())).isTrue();
    Arrays.sort(nanos);
    return String.format(
        Locale.ROOT,
        "median %.1f, 90%% %.1f, most %.0f us",
        nanos[nanos.length / 2] / 1e3,
        nanos[nanos.length * 9 / 10] / 1e3,
        nanos[nanos.length - 1] / 1e3);
  }
}
