package dev.hadal.chat.dialect;

import java.util.List;
import java.util.function.Predicate;

/** All dialects, and which one a model speaks. */
public final class Dialects {
  private static final Dialect PLAIN = new Plain();
  private static final List<Dialect> ALL =
      List.of(
          new DeepSeekR1(),
          new DeepSeekV3(),
          new DeepSeekV31(),
          new DeepSeekV32(),
          new Kimi(),
          new Qwen(),
          new Llama3(),
          PLAIN);

  private Dialects() {}

  /** A dialect and the reason for it, for {@code info} and for whoever wonders. */
  public record Choice(Dialect dialect, String why) {}

  /** Everything is content. */
  public static Dialect plain() {
    return PLAIN;
  }

  /** The dialect of that name, such as "deepseek-v3.1". */
  public static Dialect named(String name) {
    for (Dialect dialect : ALL) {
      if (dialect.name().equals(name)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "no dialect named '" + name + "': known are " + ALL.stream().map(Dialect::name).toList());
  }

  /**
   * The dialect a model speaks: by the marks its template writes, else by its type and the special
   * tokens of its vocabulary.
   *
   * @param template the chat template's source; empty without one
   * @param modelType as config.json says, such as "qwen3"; empty if unknown
   * @param inVocabulary whether a token of exactly that text exists
   */
  public static Choice detect(String template, String modelType, Predicate<String> inVocabulary) {
    if (template.contains("｜DSML｜") || template.contains("dsml_token")) {
      return choice("deepseek-v3.2", "the template writes ｜DSML｜ elements");
    }
    if (template.contains("<｜tool▁sep｜>")) {
      return deepSeek(template);
    }
    if (template.contains("<|tool_calls_section_begin|>")) {
      return choice("kimi", "the template writes <|tool_calls_section_begin|>");
    }
    if (template.contains("<｜Assistant｜>")) {
      return template.contains("think>")
          ? choice("deepseek-r1", "the template writes <｜Assistant｜> and think tags")
          : choice("deepseek-v3", "the template writes <｜Assistant｜>");
    }
    if (template.contains("<tool_call>")) {
      return choice("qwen", "the template writes <tool_call>");
    }
    if (template.contains("<|python_tag|>")
        || (template.contains("<|start_header_id|>") && template.contains("\"parameters\""))) {
      return choice("llama3", "the template has Llama 3's headers and tool calls");
    }
    if (template.contains("<think>") || template.contains("</think>")) {
      return choice("qwen", "the template writes think tags");
    }
    if (!template.isEmpty()) {
      return choice("plain", "the template writes no marks for thinking or tool calls");
    }
    return withoutTemplate(modelType, inVocabulary);
  }

  private static Choice deepSeek(String template) {
    if (!template.contains("```json") && !template.contains("```")) {
      return choice("deepseek-v3.1", "the template writes <｜tool▁sep｜> and bare JSON");
    }
    return template.contains("think>")
        ? choice("deepseek-r1", "the template writes <｜tool▁sep｜>, fenced JSON and think tags")
        : choice("deepseek-v3", "the template writes <｜tool▁sep｜> and fenced JSON");
  }

  private static Choice withoutTemplate(String modelType, Predicate<String> inVocabulary) {
    if (inVocabulary.test("<｜tool▁sep｜>")) {
      return inVocabulary.test("<think>")
          ? choice("deepseek-r1", "no template; the vocabulary has <｜tool▁sep｜> and <think>")
          : choice("deepseek-v3", "no template; the vocabulary has <｜tool▁sep｜>");
    }
    if (inVocabulary.test("<|tool_calls_section_begin|>")) {
      return choice("kimi", "no template; the vocabulary has <|tool_calls_section_begin|>");
    }
    if (inVocabulary.test("<tool_call>")) {
      return choice("qwen", "no template; the vocabulary has <tool_call>");
    }
    if (inVocabulary.test("<|python_tag|>")) {
      return choice("llama3", "no template; the vocabulary has <|python_tag|>");
    }
    return choice(
        "plain",
        modelType.isEmpty()
            ? "no template and no marks in the vocabulary"
            : "no template and no marks in the vocabulary of this " + modelType);
  }

  private static Choice choice(String name, String why) {
    return new Choice(named(name), why);
  }
}
