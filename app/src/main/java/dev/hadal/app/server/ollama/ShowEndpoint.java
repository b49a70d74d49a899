package dev.hadal.app.server.ollama;

import dev.hadal.app.models.Catalog;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.chat.ChatTemplate;
import dev.hadal.chat.ChatTemplates;
import dev.hadal.format.Checkpoint;
import dev.hadal.format.Config;
import dev.hadal.model.Architectures;
import dev.hadal.tokenizer.Tokenizer;
import dev.hadal.tokenizer.Tokenizers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /api/show: what is known of a model without loading it. */
final class ShowEndpoint implements Handler {
  private final Details details;

  ShowEndpoint(Details details) {
    this.details = details;
  }

  @Override
  public void handle(Call call) {
    Fields fields = call.fields();
    boolean verbose = fields.flag("verbose", false);
    String name = Names.known(call.pool(), Names.asked(fields));
    Catalog.Entry entry = call.pool().entry(name);
    try (Checkpoint checkpoint = Checkpoint.open(entry.path())) {
      Tokenizer tokenizer = Tokenizers.of(checkpoint);
      ChatTemplate template = ChatTemplates.of(checkpoint, tokenizer);
      String parameters = parameters(checkpoint);
      ObjectNode answer = Ollama.object();
      if (checkpoint.metadata().get("general.license") instanceof String license) {
        answer.put("license", license);
      }
      answer.put("modelfile", modelfile(name, parameters));
      answer.put("parameters", parameters);
      answer.put("template", template.isPlain() ? "" : template.source());
      answer.set("details", details.of(entry));
      answer.set("model_info", info(checkpoint, verbose));
      capabilities(answer.putArray("capabilities"), checkpoint, tokenizer, template);
      call.json(answer.put("modified_at", entry.modified().toString()));
    }
  }

  private static String modelfile(String name, String parameters) {
    StringBuilder file = new StringBuilder("FROM ").append(name).append('\n');
    parameters.lines().forEach(line -> file.append("PARAMETER ").append(line).append('\n'));
    return file.toString();
  }

  /** What the model's authors say about sampling, a line each. */
  private static String parameters(Checkpoint checkpoint) {
    StringBuilder lines = new StringBuilder();
    if (checkpoint.metadata().get("generation_config") instanceof Map<?, ?> own) {
      for (String key : List.of("temperature", "top_k", "top_p", "min_p", "repetition_penalty")) {
        if (own.get(key) instanceof Number value) {
          String name = key.equals("repetition_penalty") ? "repeat_penalty" : key;
          lines.append(String.format(Locale.ROOT, "%-30s %s%n", name, value));
        }
      }
    }
    return lines.toString().stripTrailing();
  }

  /** GGUF's metadata, long lists only where asked; of safetensors the same of its config. */
  private static ObjectNode info(Checkpoint checkpoint, boolean verbose) {
    Config config = checkpoint.config();
    String type = config.modelType();
    ObjectNode info =
        Ollama.object()
            .put("general.architecture", type)
            .put("general.parameter_count", Architectures.count(config).total())
            .put(type + ".context_length", config.maxPositionEmbeddings())
            .put(type + ".embedding_length", config.hiddenSize())
            .put(type + ".block_count", config.numHiddenLayers())
            .put(type + ".vocab_size", config.vocabSize());
    checkpoint
        .metadata()
        .forEach((key, value) -> {
          boolean list = value.getClass().isArray();
          boolean plain =
              value instanceof Number || value instanceof String || value instanceof Boolean;
          if (list && !verbose) {
            info.putNull(key);
          } else if (list
              || (plain && key.contains(".") && !key.equals("tokenizer.chat_template"))) {
            info.set(key, JsonMapper.shared().valueToTree(value));
          }
        });
    return info;
  }

  private static void capabilities(
      ArrayNode all, Checkpoint checkpoint, Tokenizer tokenizer, ChatTemplate template) {
    if (checkpoint.metadata().containsKey(checkpoint.config().modelType() + ".pooling_type")) {
      all.add("embedding");
      return;
    }
    all.add("completion");
    String source = template.isPlain() ? "" : template.source();
    if (source.contains("tools")) {
      all.add("tools");
    }
    if (source.contains("<think>") || source.contains("enable_thinking")) {
      all.add("thinking");
    }
    if (FillIn.prompt(tokenizer, "", "").isPresent()) {
      all.add("insert");
    }
  }
}
