package dev.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.chat.jinja.TemplateException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TURNS =
      "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m['content'] + eos_token }}"
          + "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

  private static ChatRequest request(String json) {
    return ChatRequest.fromJson(JSON.readTree(json));
  }

  @Test
  void messagesSpecialTokensAndGenerationPromptReachTheTemplate() {
    assertThat(ChatTemplate.of(TURNS, "<s>", "</s>").render(ChatRequest.of(Message.user("Hi"))))
        .isEqualTo("<s><user>Hi</s><assistant>");
  }

  @Test
  void unknownRequestFieldsAndTemplateArgumentsBecomeVariables() {
    ChatRequest request =
        request(
            """
            {"messages": [], "temperature": 0.5, "enable_thinking": false,
             "chat_template_kwargs": {"style": "brief"}}\
            """);
    ChatTemplate template =
        ChatTemplate.of("{{ enable_thinking }} {{ style }} {{ temperature is defined }}", "", "");
    assertThat(template.render(request)).isEqualTo("False brief False");
  }

  @Test
  void absentToolsAreNoneAsInTransformers() {
    ChatTemplate template = ChatTemplate.of("{{ tools is none }} {{ documents is none }}", "", "");
    assertThat(template.render(ChatRequest.of(Message.user("Hi")))).isEqualTo("True True");
  }

  @Test
  void toolUseVariantServesRequestsWithTools() {
    ChatTemplate template =
        ChatTemplate.of(
            Map.of("default", "plain", "tool_use", "{{ tools[0].function.name }}"), Map.of());
    ChatRequest request = ChatRequest.of(Message.user("Hi"));
    Tool add = Tool.function("add", "Adds", Map.of("type", "object"));
    assertThat(template.render(request)).isEqualTo("plain");
    assertThat(template.render(request.withTools(List.of(add)))).isEqualTo("add");
  }

  @Test
  void toolCallArgumentsComeAsAnObjectWhereTheTemplateSerializesThem() {
    ChatTemplate template =
        ChatTemplate.of(
            "{% for m in messages %}{% for c in m.tool_calls %}"
                + "{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}",
            "", "");
    assertThat(template.render(ChatRequest.of(calling()))).isEqualTo("{\"a\": [1, 2.5]}");
  }

  @Test
  void toolCallArgumentsComeAsTextWhereTheTemplateJoinsThem() {
    ChatTemplate template =
        ChatTemplate.of(
            "{% for m in messages %}{% for c in m.tool_calls %}"
                + "{{ 'json ' + c.function.arguments }}{% endfor %}{% endfor %}",
            "", "");
    assertThat(template.render(ChatRequest.of(calling()))).isEqualTo("json {\"a\":[1,2.5]}");
  }

  private static Message calling() {
    return Message.assistant("", "", List.of(new ToolCall("1", "f", "{\"a\":[1,2.5]}")));
  }

  @Test
  void contentPartsAreJoinedForTemplatesOfText() {
    ChatRequest request =
        request(
            """
            {"messages": [{"role": "user", "content":
              [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]}\
            """);
    assertThat(ChatTemplate.of(TURNS, "", "").render(request)).isEqualTo("<user>ab<assistant>");
  }

  @Test
  void contentPartsStayForTemplatesOfParts() {
    ChatTemplate template =
        ChatTemplate.of(
            "{% for m in messages %}{% for p in m.content %}[{{ p.text }}]{% endfor %}{% endfor %}",
            "", "");
    assertThat(template.render(ChatRequest.of(Message.user("x")))).isEqualTo("[x]");
  }

  @Test
  void continuedRequestEndsInsideTheLastMessage() {
    ChatRequest request = ChatRequest.of(Message.user("Count"), Message.assistant("1, 2,"));
    assertThat(ChatTemplate.of(TURNS, "<s>", "</s>").render(request.continued()))
        .isEqualTo("<s><user>Count</s><assistant>1, 2,");
  }

  @Test
  void aTemplatesOwnRefusalKeepsItsWords() {
    ChatTemplate template =
        ChatTemplate.of("{{ raise_exception('System role not supported') }}", "", "");
    assertThatThrownBy(() -> template.render(ChatRequest.of(Message.user("Hi"))))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.isRaised()).isTrue())
        .hasMessage("System role not supported");
  }

  @Test
  void plainTemplateGivesTheTextsAlone() {
    ChatTemplate plain = ChatTemplate.plain();
    assertThat(plain.isPlain()).isTrue();
    assertThat(plain.render(ChatRequest.of(Message.user("Once upon a time"))))
        .isEqualTo("Once upon a time");
  }

  @Test
  void tokenizerConfigGivesVariantsAndSpecialTokens() {
    ChatTemplate template =
        ChatTemplate.ofTokenizerConfig(
            JSON.readTree(
                """
                {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": [
                  {"name": "default", "template": "{{ bos_token }}d{{ eos_token }}"},
                  {"name": "tool_use", "template": "t"}]}\
                """),
            "");
    assertThat(template.render(ChatRequest.of(Message.user("Hi")))).isEqualTo("<s>d</s>");
    assertThat(template.eos()).isEqualTo("</s>");
  }

  @Test
  void requestWithoutMessagesSaysWhatItNeeds() {
    assertThatThrownBy(() -> request("{\"prompt\": \"Hi\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'messages'")
        .hasMessageContaining("prompt");
  }
}
