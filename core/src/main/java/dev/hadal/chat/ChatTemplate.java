package dev.hadal.chat;

import dev.hadal.chat.jinja.JinjaTemplate;
import dev.hadal.chat.jinja.TemplateException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model's chat template: renders a request into the prompt's text, special tokens included.
 *
 * <p>Variables are those of transformers' {@code apply_chat_template}: messages, tools and
 * documents (none if absent), add_generation_prompt, the special tokens, and the request's own. A
 * template may have variants by name; "tool_use" serves requests with tools. Immutable.
 */
public final class ChatTemplate {
  private static final String DEFAULT = "default";
  private static final String PLAIN =
      "{% for message in messages %}{{ message.content }}"
          + "{% if not loop.last %}{{ '\\n' }}{% endif %}{% endfor %}";

  private final Map<String, JinjaTemplate> variants;
  private final Map<String, String> specialTokens;
  private final boolean plain;
  private final Map<String, TemplateForm> forms = new HashMap<>();

  private ChatTemplate(
      Map<String, JinjaTemplate> variants, Map<String, String> specialTokens, boolean plain) {
    this.variants = variants;
    this.specialTokens = specialTokens;
    this.plain = plain;
    variants.forEach(
        (name, template) -> forms.put(name, new TemplateForm(template, specialTokens)));
  }

  /**
   * A template without variants.
   *
   * @throws TemplateException if it cannot be parsed
   */
  public static ChatTemplate of(String source, String bos, String eos) {
    return of(Map.of(DEFAULT, source), Map.of("bos_token", bos, "eos_token", eos));
  }

  /**
   * A template with variants by name, of which "default" is used where no other fits.
   *
   * @param specialTokens by their name in a template, such as bos_token
   */
  public static ChatTemplate of(Map<String, String> sources, Map<String, String> specialTokens) {
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("a chat template needs at least one source");
    }
    Map<String, JinjaTemplate> variants = new LinkedHashMap<>();
    sources.forEach((name, source) ->
        variants.put(
            name,
            JinjaTemplate.of(
                source, name.equals(DEFAULT) ? "chat template" : "chat template " + name)));
    return new ChatTemplate(variants, Map.copyOf(specialTokens), false);
  }

  /** For models that bring no template: the messages' texts, a line each, and nothing around. */
  public static ChatTemplate plain() {
    return new ChatTemplate(Map.of(DEFAULT, JinjaTemplate.of(PLAIN, "plain")), Map.of(), true);
  }

  /**
   * Reads a Hugging Face {@code tokenizer_config.json}: {@code chat_template} (one, or a list of
   * named ones) and the special tokens.
   *
   * @param jinja the text of {@code chat_template.jinja}, which goes first; empty where there is
   *     none
   */
  public static ChatTemplate ofTokenizerConfig(JsonNode config, String jinja) {
    Map<String, String> sources = new LinkedHashMap<>();
    JsonNode templates = config.path("chat_template");
    if (templates.isString()) {
      sources.put(DEFAULT, templates.asString());
    }
    if (templates.isArray()) {
      for (JsonNode named : templates) {
        sources.put(named.path("name").asString(DEFAULT), named.path("template").asString(""));
      }
    }
    if (!jinja.isEmpty()) {
      sources.put(DEFAULT, jinja);
    }
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
      JsonNode token = config.path(name);
      String text = token.isObject() ? token.path("content").asString("") : token.asString("");
      if (!text.isEmpty()) {
        tokens.put(name, text);
      }
    }
    return sources.isEmpty() ? plain() : of(sources, tokens);
  }

  /** The same template with another clock behind {@code strftime_now}. */
  public ChatTemplate withClock(Clock clock) {
    Map<String, JinjaTemplate> changed = new LinkedHashMap<>();
    variants.forEach((name, template) -> changed.put(name, template.withClock(clock)));
    return new ChatTemplate(changed, specialTokens, plain);
  }

  /** Whether the model brought no template; its tokenizer then adds the special tokens. */
  public boolean isPlain() {
    return plain;
  }

  /** The default variant's source. */
  public String source() {
    return variant(false).source();
  }

  public String bos() {
    return specialTokens.getOrDefault("bos_token", "");
  }

  public String eos() {
    return specialTokens.getOrDefault("eos_token", "");
  }

  private JinjaTemplate variant(boolean withTools) {
    return Objects.requireNonNull(variants.get(variantName(withTools)));
  }

  private String variantName(boolean withTools) {
    if (withTools && variants.containsKey("tool_use")) {
      return "tool_use";
    }
    return variants.containsKey(DEFAULT) ? DEFAULT : variants.keySet().iterator().next();
  }

  /**
   * The prompt.
   *
   * @throws TemplateException if the template fails or refuses the conversation
   */
  public String render(ChatRequest request) {
    String name = variantName(!request.tools().isEmpty());
    JinjaTemplate template = Objects.requireNonNull(variants.get(name));
    Map<String, @Nullable Object> variables = variables(request, forms.get(name));
    String prompt;
    try {
      prompt = template.render(variables);
    } catch (TemplateException e) {
      if (e.isRaised() || !request.tools().isEmpty()) {
        throw e;
      }
      // A template for tools alone takes their absence for an empty list, but not None.
      variables.remove("tools");
      prompt = template.render(variables);
    }
    return request.continueFinalMessage() ? cutAfterFinalMessage(prompt, request) : prompt;
  }

  private Map<String, @Nullable Object> variables(
      ChatRequest request, @Nullable TemplateForm form) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("tools", null);
    variables.put("documents", null);
    if (!request.tools().isEmpty()) {
      variables.put("tools", request.tools().stream().map(Tool::fields).toList());
    }
    variables.put("add_generation_prompt", request.addGenerationPrompt());
    variables.putAll(request.variables());
    List<Map<String, ? extends @Nullable Object>> messages = new ArrayList<>();
    for (Message message : request.messages()) {
      messages.add(form == null ? message.fields() : form.fit(message));
    }
    variables.put("messages", messages);
    return variables;
  }

  /** As transformers does it: the prompt up to the end of the last message's text. */
  private static String cutAfterFinalMessage(String prompt, ChatRequest request) {
    if (request.messages().isEmpty()) {
      throw new IllegalArgumentException("there is no message to continue");
    }
    String last = request.messages().getLast().content();
    int at = prompt.lastIndexOf(last.strip());
    if (at < 0) {
      throw new IllegalArgumentException(
          "the template does not print the last message as it is, so it cannot be continued");
    }
    String kept = last.stripLeading();
    return prompt.substring(0, at + (prompt.startsWith(kept, at) ? kept : last.strip()).length());
  }
}
