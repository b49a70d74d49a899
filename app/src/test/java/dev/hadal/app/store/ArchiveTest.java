package dev.hadal.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class ArchiveTest {
  private static final Conversation SEA =
      Conversation.begun(
          7,
          "The sea: 海",
          "org/model:Q8_0",
          null,
          new Settings("Be brief.", true, Sampling.DEFAULT));

  private static Message user(String id, String parent, String text, Attachment... attachments) {
    return Message.user(SEA.id(), null, 7, text, List.of(attachments)).moved(id, SEA.id(), parent);
  }

  private static Message answer(String id, String parent, String text, String thinking) {
    return Message.answer(SEA.id(), null, 7, "org/model:Q8_0")
        .moved(id, SEA.id(), parent)
        .withText(text, thinking)
        .ended("done", "stop", null, 5L, new Usage(1, 2, 3, 4), new Timings(0, 9L, 1.5, null));
  }

  private static Whole whole(String leaf, Message... messages) {
    return new Whole(SEA.withLeaf(leaf), List.of(messages));
  }

  @Test
  void jsonReadsBackTheSame() {
    Whole sea =
        whole(
            "c",
            user("a", null, "Why?", new Attachment("n.txt", "text/plain", "深")),
            answer("b", "a", "So.", "hm"),
            answer("c", "a", "Or so.", ""));

    Whole read = Archive.read(Archive.of(List.of(sea)), 99).getFirst();

    assertThat(read.conversation().title()).isEqualTo(SEA.title());
    assertThat(read.conversation().settings()).isEqualTo(SEA.settings());
    assertThat(read.conversation().leaf()).isEqualTo("c");
    assertThat(read.messages())
        .usingRecursiveComparison()
        .ignoringFields("conversation")
        .isEqualTo(sea.messages());
  }

  @Test
  void titleAndTurnsAreEnough() {
    Whole read =
        read(
            "{\"title\":\"T\",\"messages\":[{\"id\":\"x\",\"parent\":null,\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertThat(read.conversation().leaf()).isEqualTo("x");
    assertThat(read.messages().getFirst().created()).isEqualTo(99);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "\"x\"",
        "{}",
        "{\"title\":1,\"messages\":[]}",
        "{\"title\":\"T\"}",
        "{\"title\":\"T\",\"messages\":{}}",
        "{\"title\":\"T\",\"messages\":[7]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":null,\"role\":\"system\",\"content\":\"x\"}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":\"a\",\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":\"b\",\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":null,\"role\":\"user\",\"content\":\"x\"},"
            + "{\"id\":\"a\",\"parent\":null,\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":\"b\",\"role\":\"user\",\"content\":\"x\"},"
            + "{\"id\":\"b\",\"parent\":\"a\",\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"title\":\"T\",\"messages\":[],\"created\":-1}",
        "{\"title\":\"T\",\"messages\":[],\"created\":1e99}",
        "{\"title\":\"T\",\"messages\":[],\"sampling\":[]}",
        "{\"title\":\"T\",\"messages\":[],\"sampling\":{\"top_k\":\"x\"}}",
        "{\"title\":\"T\",\"messages\":[],\"pinned\":\"yes\"}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":null,\"role\":\"user\",\"content\":\"x\",\"attachments\":[{}]}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":null,\"role\":\"user\",\"content\":\"x\",\"attachments\":[null]}]}",
        "{\"title\":\"T\",\"messages\":[{\"id\":\"a\",\"parent\":null,\"role\":\"assistant\",\"content\":\"x\",\"error\":7}]}"
      })
  void whatIsNoConversationIsRefusedWithItsPlace(String conversation) {
    assertThatThrownBy(() -> read(conversation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conversations[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"format\":\"other\",\"conversations\":[]}",
        "{\"version\":2,\"conversations\":[]}",
        "{\"conversations\":{}}"
      })
  void whatIsNoExportIsRefused(String file) {
    assertThatThrownBy(() -> Archive.read(JsonMapper.shared().readTree(file), 99))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void markdownReadsBackTheSame() {
    String hostile =
        "# Mine\n\n## User\n\n\\## User\n## Not a turn\n```\n## Assistant (x)\n</details>\n```\n<!-- attachment x -->";
    Whole sea =
        whole(
            "d",
            user(
                "a",
                null,
                hostile,
                new Attachment("n.md", "text/markdown", "a\n````\n## User\nb"),
                new Attachment("e", "text/plain", "")),
            answer("b", "a", "A branch that is not shown", ""),
            answer("c", "a", hostile, "<details><summary>Thinking</summary>\n" + hostile),
            user("d", "c", "```java\nnot an attachment\n```"));

    String text = Markdown.of(sea);
    Whole read = Markdown.read(text, 7);

    assertThat(text)
        .startsWith("# The sea: 海\n\n## User\n")
        .contains("## Assistant (org/model:Q8_0)");
    assertThat(read.conversation().title()).isEqualTo(SEA.title());
    List<Message> shown = sea.path("d");
    assertThat(read.path(read.conversation().leaf()))
        .hasSize(3)
        .usingRecursiveFieldByFieldElementComparatorOnFields(
            "role", "content", "thinking", "attachments", "model")
        .containsExactlyElementsOf(shown);
    assertThat(Markdown.of(read)).isEqualTo(text);
  }

  @Test
  void markdownWithoutTurnsIsRefused() {
    assertThatThrownBy(() -> Markdown.read("# A diary\n\nToday ...", 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("## User");
  }

  private static Whole read(String conversation) {
    return Archive.read(
            JsonMapper.shared().readTree("{\"conversations\":[" + conversation + "]}"), 99)
        .getFirst();
  }
}
