package dev.hadal.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What goes into a prompt beside the question. */
final class PromptOptions {
  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system message: who the model shall be.")
  private @Nullable String system;

  @Option(names = "--no-think", description = "Ask a model that can think first to answer at once.")
  private boolean noThink;

  @Option(
      names = "--var",
      paramLabel = "NAME=VALUE",
      description =
          "A variable of the chat template (repeatable); the value is JSON, or else text.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Nullable String system() {
    return system;
  }

  Map<String, Object> variables() {
    Map<String, Object> all = new LinkedHashMap<>();
    if (noThink) {
      // Qwen's and DeepSeek's names for the same switch; a template that knows neither ignores it.
      all.put("enable_thinking", false);
      all.put("thinking", false);
    }
    all.putAll(Variables.parse(variables));
    return all;
  }
}
