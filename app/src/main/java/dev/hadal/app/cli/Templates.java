package dev.hadal.app.cli;

import dev.hadal.chat.ChatTemplate;
import dev.hadal.chat.ChatTemplates;
import dev.hadal.format.Checkpoint;
import dev.hadal.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Opens chat templates that come as a file of their own. */
final class Templates {
  private Templates() {}

  /** Whether a name is that of a template's file, and not of a model. */
  static boolean isTemplate(String name) {
    return name.endsWith(".jinja") || name.endsWith(".jinja2") || name.endsWith(".j2");
  }

  /** The template that a model brings. */
  static ChatTemplate of(Checkpoint checkpoint) {
    return ChatTemplates.of(checkpoint, Tokenizers.of(checkpoint));
  }

  /** A template with the special tokens that a {@code tokenizer_config.json} beside it names. */
  static ChatTemplate read(Path file) throws IOException {
    JsonNode config = JsonMapper.shared().createObjectNode();
    Path beside = file.resolveSibling("tokenizer_config.json");
    if (Files.exists(beside)) {
      config = JsonMapper.shared().readTree(Files.readAllBytes(beside));
    }
    return ChatTemplate.ofTokenizerConfig(config, Files.readString(file));
  }
}
