package dev.hadal.chat.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.chat.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replies are told as lines: "think: ...", "text: ...", "call 0 name {json}". */
class DialectTest {
  private static final Tool ADD =
      Tool.function(
          "add",
          "Adds",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of("a", Map.of("type", "number"), "note", Map.of("type", "string"))));

  private static List<String> parse(String dialect, boolean thinking, String reply) {
    ReplyContext context = new ReplyContext(thinking, List.of(ADD));
    List<String> whole = told(Dialects.named(dialect).parser(context), List.of(reply));
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      StreamParser parser = Dialects.named(dialect).parser(context);
      int longest = round == 0 ? 1 : 1 + random.nextInt(12);
      List<String> pieces = new ArrayList<>();
      for (int at = 0; at < reply.length(); ) {
        int end = Math.min(reply.length(), at + 1 + random.nextInt(longest));
        pieces.add(reply.substring(at, end));
        at = end;
      }
      assertThat(told(parser, pieces)).isEqualTo(whole);
    }
    return whole;
  }

  private static List<String> told(StreamParser parser, List<String> pieces) {
    List<Event> events = new ArrayList<>();
    pieces.forEach(piece -> events.addAll(parser.accept(piece)));
    events.addAll(parser.finish());
    List<String> lines = new ArrayList<>();
    for (Event event : events) {
      String kind = event instanceof Event.Thinking ? "think: " : "text: ";
      String line =
          switch (event) {
            case Event.Content content -> content.text();
            case Event.Thinking thinking -> thinking.text();
            case Event.ToolCall call ->
                "call %d %s %s"
                    .formatted(call.index(), call.call().name(), call.call().argumentsJson());
          };
      if (event instanceof Event.ToolCall) {
        lines.add(line);
      } else if (!lines.isEmpty() && lines.getLast().startsWith(kind)) {
        lines.add(lines.removeLast() + line);
      } else {
        lines.add(kind + line);
      }
    }
    return lines;
  }

  @Test
  void plainDialectGivesEverythingAsContent() {
    assertThat(parse("plain", false, " <think>x</think> \n"))
        .containsExactly("text:  <think>x</think> \n");
  }

  @Test
  void replyToAPromptThatEndsInThinkingStartsThere() {
    assertThat(parse("deepseek-r1", true, "\nOne and one.\n</think>\n\nTwo."))
        .containsExactly("think: One and one.", "text: Two.");
    assertThat(ReplyContext.of("<｜Assistant｜><think>\n", List.of()).thinking()).isTrue();
    assertThat(ReplyContext.of("<think>\n\n</think>\n\n", List.of()).thinking()).isFalse();
  }

  @Test
  void thinkingThatTheModelOpensItselfIsSplitOff() {
    assertThat(parse("qwen", false, "<think>\nHm.\n\nSo.\n</think>\n\nHello <b>you</b>."))
        .containsExactly("think: Hm.\n\nSo.", "text: Hello <b>you</b>.");
  }

  @Test
  void thinkingOpenedASecondTimeIsNotTold() {
    assertThat(parse("deepseek-r1", true, "\n<think>\nHm.\n</think>\nHi"))
        .containsExactly("think: Hm.", "text: Hi");
    assertThat(parse("deepseek-r1", true, "The tag <think> opens.</think>Hi"))
        .containsExactly("think: The tag <think> opens.", "text: Hi");
  }

  @Test
  void thinkTagLaterInTheAnswerIsText() {
    assertThat(parse("qwen", false, "Write <think> first."))
        .containsExactly("text: Write <think> first.");
  }

  @Test
  void unfinishedThinkingStaysThinking() {
    assertThat(parse("deepseek-r1", true, "One and </thin"))
        .containsExactly("think: One and </thin");
  }

  @Test
  void emptyThinkingIsNotTold() {
    assertThat(parse("qwen", false, "<think>\n\n</think>\n\nHi")).containsExactly("text: Hi");
  }

  @Test
  void partOfATagAtTheEndIsText() {
    assertThat(parse("qwen", false, "a < b <tool_ca")).containsExactly("text: a < b <tool_ca");
  }

  @Test
  void deepSeekCallsInFencedJson() {
    String reply =
        "Let me see.\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n"
            + "{\"a\": 1,\n \"note\": \"x```\"}\n```<｜tool▁call▁end｜>\n"
            + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜>"
            + "<｜tool▁calls▁end｜>";
    List<String> expected =
        List.of("text: Let me see.", "call 0 add {\"a\":1,\"note\":\"x```\"}", "call 1 now {}");
    assertThat(parse("deepseek-v3", false, reply)).isEqualTo(expected);
    assertThat(parse("deepseek-r1", true, "Hm.</think>" + reply))
        .isEqualTo(concat("think: Hm.", expected));
  }

  private static List<String> concat(String first, List<String> rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }

  @Test
  void deepSeekV31CallsInBareJson() {
    assertThat(
            parse(
                "deepseek-v3.1",
                false,
                "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": 1.5}"
                    + "<｜tool▁call▁end｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": 2}"
                    + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"))
        .containsExactly("call 0 add {\"a\":1.5}", "call 1 add {\"a\":2}");
  }

  @Test
  void deepSeekToolTagEndsThinking() {
    assertThat(
            parse(
                "deepseek-v3.1",
                true,
                "I need add.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{}"
                    + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"))
        .containsExactly("think: I need add.", "call 0 add {}");
  }

  @Test
  void brokenDeepSeekCallBecomesContentWithItsTags() {
    String reply =
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": <｜tool▁call▁end｜>";
    assertThat(parse("deepseek-v3.1", false, reply)).containsExactly("text: " + reply);
  }

  @Test
  void deepSeekV32CallsInElements() {
    assertThat(
            parse(
                "deepseek-v3.2",
                true,
                "Hm.</think>\n\nOne moment.\n\n<｜DSML｜function_calls>\n"
                    + "<｜DSML｜invoke name=\"add\">\n"
                    + "<｜DSML｜parameter name=\"a\" string=\"false\">[1, 2]</｜DSML｜parameter>\n"
                    + "<｜DSML｜parameter name=\"note\" string=\"true\">1 < \"2\"</｜DSML｜parameter>\n"
                    + "</｜DSML｜invoke>\n<｜DSML｜invoke name=\"now\">\n</｜DSML｜invoke>\n"
                    + "</｜DSML｜function_calls>"))
        .containsExactly(
            "think: Hm.",
            "text: One moment.",
            "call 0 add {\"a\":[1,2],\"note\":\"1 < \\\"2\\\"\"}",
            "call 1 now {}");
  }

  @Test
  void kimiCallsNameTheFunctionInTheirId() {
    assertThat(
            parse(
                "kimi",
                false,
                "<|tool_calls_section_begin|><|tool_call_begin|>functions.add:0"
                    + "<|tool_call_argument_begin|>{\"a\": 1}<|tool_call_end|>"
                    + "<|tool_calls_section_end|>"))
        .containsExactly("call 0 add {\"a\":1}");
  }

  @Test
  void qwenCallsInJson() {
    assertThat(
            parse(
                "qwen",
                false,
                "Sure.\n\n"
                    + "<tool_call>\n"
                    + "{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n"
                    + "</tool_call>\n"
                    + "<tool_call>\n"
                    + "{\"name\": \"add\", \"arguments\": \"{\\\"a\\\": 2}\"}\n"
                    + "</tool_call>\n"
                    + "Done."))
        .containsExactly(
            "text: Sure.", "call 0 add {\"a\":1}", "call 1 add {\"a\":2}", "text: Done.");
  }

  @Test
  void closingTagInsideAStringDoesNotEndTheCall() {
    assertThat(
            parse(
                "qwen",
                false,
                "<tool_call>{\"name\": \"add\", \"arguments\": {\"note\": \"\\\"</tool_call>\"}}"
                    + "</tool_call>"))
        .containsExactly("call 0 add {\"note\":\"\\\"</tool_call>\"}");
  }

  @Test
  void brokenQwenCallBecomesContentWithItsTags() {
    assertThat(parse("qwen", false, "<tool_call>\n{\"name\": }\n</tool_call> Hm"))
        .containsExactly("text: <tool_call>\n{\"name\": }\n</tool_call> Hm");
  }

  @Test
  void wholeCallWithoutItsClosingTagCountsAtTheEnd() {
    assertThat(parse("qwen", false, "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}"))
        .containsExactly("call 0 now {}");
  }

  @Test
  void qwenCoderCallsInElementsTypedByTheSchema() {
    assertThat(
            parse(
                "qwen",
                false,
                "<tool_call>\n<function=add>\n<parameter=a>\n5\n</parameter>\n<parameter=note>\n5\n"
                    + "</parameter>\n<parameter=more>\n{\"x\": true}\n</parameter>\n</function>\n"
                    + "</tool_call>"))
        .containsExactly("call 0 add {\"a\":5,\"note\":\"5\",\"more\":{\"x\":true}}");
  }

  @Test
  void glmCallsInKeyAndValueElements() {
    assertThat(
            parse(
                "qwen",
                false,
                "<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>5</arg_value>\n"
                    + "<arg_key>note</arg_key>\n<arg_value>a < b</arg_value>\n</tool_call>"))
        .containsExactly("call 0 add {\"a\":5,\"note\":\"a < b\"}");
  }

  @Test
  void llamaCallsAsBareObjects() {
    assertThat(
            parse(
                "llama3",
                false,
                "{\"name\": \"add\", \"parameters\": {\"a\": 1}}; "
                    + "{\"type\": \"function\", \"name\": \"now\", \"parameters\": {}}"))
        .containsExactly("call 0 add {\"a\":1}", "call 1 now {}");
  }

  @Test
  void llamaCallsBehindThePythonTag() {
    assertThat(parse("llama3", false, "<|python_tag|>{\"name\": \"add\", \"parameters\": {}}"))
        .containsExactly("call 0 add {}");
    assertThat(parse("llama3", false, "<|python_tag|>brave_search.call(query=\"a (b)\")"))
        .containsExactly("call 0 brave_search {\"query\":\"a (b)\"}");
    assertThat(parse("llama3", false, "<|python_tag|>print(1)"))
        .containsExactly("text: <|python_tag|>print(1)");
  }

  @Test
  void anyOtherObjectIsALlamasAnswer() {
    assertThat(parse("llama3", false, "{\"names\": [\"add\"]} is it"))
        .containsExactly("text: {\"names\": [\"add\"]} is it");
    assertThat(parse("llama3", false, "{\"name\": 5} and more"))
        .containsExactly("text: {\"name\": 5} and more");
  }

  @Test
  void withoutToolsALlamasObjectIsToldAtOnce() {
    StreamParser parser = Dialects.named("llama3").parser(new ReplyContext(false, List.of()));
    assertThat(parser.accept("{\"name\": ")).containsExactly(new Event.Content("{\"name\":"));
  }

  @Test
  void callIdsSuitEveryTemplate() {
    StreamParser parser = Dialects.named("llama3").parser(new ReplyContext(false, List.of(ADD)));
    parser.accept("{\"name\": \"add\", \"parameters\": {}}");
    assertThat(ToolCallIds.next()).matches("[A-Za-z0-9]{9}");
  }

  @Test
  void randomTagSoupIsCutAlikeInAnyPieces() {
    String[] parts = {
      "<think>",
      "</think>",
      "<tool_call>",
      "</tool_call>",
      "<｜tool▁calls▁begin｜>",
      "<|python_tag|>",
      "<｜tool▁call▁begin｜>",
      "<｜tool▁sep｜>",
      "<｜tool▁call▁end｜>",
      "<｜tool▁calls▁end｜>",
      "\n",
      " ",
      "{\"name\": \"f\", \"arguments\": {}}",
      "{",
      "\"",
      "x",
      "<",
      "</",
      "```json\n",
      ";",
      "f\n"
    };
    Random random = new Random(11);
    for (int round = 0; round < 60; round++) {
      StringBuilder reply = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        reply.append(parts[random.nextInt(parts.length)]);
      }
      for (String dialect : List.of("deepseek-r1", "deepseek-v3.1", "qwen", "llama3")) {
        assertThat(parse(dialect, random.nextBoolean(), reply.toString())).isNotNull();
      }
    }
  }
}
