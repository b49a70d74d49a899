package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts with the ids they must have: a JSON array of {@code {text, ids}}. */
record Expected(String text, int[] ids) {
  static Expected[] read(Path file) {
    JsonNode rows = JsonMapper.builder().build().readTree(file);
    Expected[] all = new Expected[rows.size()];
    for (int i = 0; i < all.length; i++) {
      JsonNode row = rows.get(i);
      all[i] =
          new Expected(
              row.get("text").asString(),
              row.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
    }
    return all;
  }

  /** Every text of the file has its ids. */
  static void check(Tokenizer tokenizer, Path file) {
    for (Expected row : read(file)) {
      assertThat(tokenizer.encode(row.text(), false, true))
          .as(row.text())
          .containsExactly(row.ids());
    }
  }
}
