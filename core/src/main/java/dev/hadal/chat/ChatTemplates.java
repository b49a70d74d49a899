package dev.hadal.chat;

import dev.hadal.format.Checkpoint;
import dev.hadal.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;

/** Finds the chat template a checkpoint brings. */
public final class ChatTemplates {
  private static final String GGUF_KEY = "tokenizer.chat_template";

  private ChatTemplates() {}

  /**
   * The checkpoint's template; {@link ChatTemplate#plain()} where it has none.
   *
   * @param tokenizer spells the special tokens where the format only numbers them
   */
  public static ChatTemplate of(Checkpoint checkpoint, Tokenizer tokenizer) {
    Map<String, Object> metadata = checkpoint.metadata();
    if (metadata.containsKey("tokenizer_config") || metadata.containsKey("chat_template")) {
      Object config = metadata.getOrDefault("tokenizer_config", Map.of());
      return ChatTemplate.ofTokenizerConfig(
          JsonMapper.shared().valueToTree(config),
          metadata.get("chat_template") instanceof String jinja ? jinja : "");
    }
    Map<String, String> sources = new LinkedHashMap<>();
    metadata.forEach((key, value) -> {
      if (value instanceof String source && key.equals(GGUF_KEY)) {
        sources.put("default", source);
      } else if (value instanceof String source && key.startsWith(GGUF_KEY + ".")) {
        sources.put(key.substring(GGUF_KEY.length() + 1), source);
      }
    });
    return sources.isEmpty()
        ? ChatTemplate.plain()
        : ChatTemplate.of(
            sources,
            Map.of(
                "bos_token", spell(tokenizer, tokenizer.bos()),
                "eos_token", spell(tokenizer, tokenizer.eos())));
  }

  private static String spell(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent() ? tokenizer.token(id.getAsInt()) : "";
  }
}
