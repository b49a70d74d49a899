package dev.hadal.app.server.extras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.Hadal;
import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.app.models.FolderCatalog;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.TestServer;
import dev.hadal.app.server.TestServer.Answer;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TokenStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reranking with the small storyteller, two of whose tokens are renamed to "yes" and "no". */
@Timeout(60)
final class RerankTest {
  private static final List<String> DOCUMENTS =
      List.of("The sea is blue.", "A dog ran.", "Mom made a big cake.");

  @TempDir private Path folder;

  private Path judge;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Path tiny = TinyChat.in(folder);
    judge = renamed(tiny);
    server =
        TestServer.start(
            new FolderCatalog().with("judge", judge).with("tiny", tiny),
            HadalOptions.defaults().withThreads(1),
            ServerOptions.local(0),
            new Extras());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path renamed(Path model) throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    rename(bytes, "ing", "yes");
    rename(bytes, "ed", "no");
    return Files.write(folder.resolve("judge.gguf"), bytes);
  }

  /** Puts another token of the same length in a token's place. */
  private static void rename(byte[] bytes, String from, String to) {
    byte[] entry =
        ByteBuffer.allocate(8 + from.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(from.length())
            .put(from.getBytes(UTF_8))
            .array();
    for (int i = 0; i < bytes.length - entry.length; i++) {
      if (Arrays.equals(bytes, i, i + entry.length, entry, 0, entry.length)) {
        System.arraycopy(to.getBytes(UTF_8), 0, bytes, i + 8, to.length());
        return;
      }
    }
    throw new IllegalStateException("no token " + from);
  }

  @Test
  void scoresAreTheProbabilityOfYesAgainstNoBehindQwensPrompt() throws Exception {
    JsonNode results = rerank("").json().path("results");

    assertThat(results).hasSize(3);
    try (Hadal model = Hadal.load(judge, HadalOptions.defaults().withThreads(1))) {
      for (JsonNode result : results) {
        int index = result.path("index").asInt();
        assertThat(result.path("relevance_score").asDouble())
            .isCloseTo(expected(model, DOCUMENTS.get(index)), within(1e-4));
        assertThat(result.at("/document/text").asString()).isEqualTo(DOCUMENTS.get(index));
      }
    }
    for (int i = 1; i < 3; i++) {
      assertThat(results.get(i).path("relevance_score").asDouble())
          .isLessThanOrEqualTo(results.get(i - 1).path("relevance_score").asDouble());
    }
  }

  /** From the probabilities of a prompt that goes on with each word. */
  private static double expected(Hadal model, String document) {
    int[] prompt =
        IntStream.of(
                tokens(
                    model,
                    "<|im_start|>system\nJudge whether the Document meets the requirements based on"
                        + " the Query and the Instruct provided. Note that the answer can only be"
                        + " \"yes\" or \"no\".<|im_end|>\n<|im_start|>user\n",
                    "<Instruct>: Given a web search query, retrieve relevant passages that answer"
                        + " the query\n<Query>: sea\n<Document>: "
                        + document,
                    "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"))
            .toArray();
    double yes = Math.exp(logprob(model, prompt, "yes"));
    double no = Math.exp(logprob(model, prompt, "no"));
    return yes / (yes + no);
  }

  private static int[] tokens(Hadal model, String... parts) {
    return Arrays.stream(parts)
        .flatMapToInt(part -> IntStream.of(model.tokenizer().encode(part, false, true)))
        .toArray();
  }

  private static double logprob(Hadal model, int[] prompt, String word) {
    int[] with = Arrays.copyOf(prompt, prompt.length + 1);
    with[prompt.length] = model.tokenizer().id(word).orElseThrow();
    Request request =
        Request.of(with, SamplingParams.greedy()).withPromptLogprobs(0).withPromptOnly(true);
    try (TokenStream stream = model.engine().submit(request)) {
      stream.next();
      return stream.promptLogprobs().getLast().logprob();
    }
  }

  @Test
  void theBestFewComeWithoutTheirTextsWhereAsked() throws Exception {
    JsonNode answer = rerank(",\"top_n\":2,\"return_documents\":false").json();

    assertThat(answer.path("results")).hasSize(2);
    assertThat(answer.at("/results/0").has("document")).isFalse();
    assertThat(answer.path("model").asString()).isEqualTo("judge");
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
    JsonNode all = rerank("").json();
    assertThat(answer.at("/results/0/index")).isEqualTo(all.at("/results/0/index"));
  }

  @Test
  void anInstructionOfOnesOwnCounts() throws Exception {
    JsonNode usual = rerank("").json();
    JsonNode own = rerank(",\"instruction\":\"Find what one can eat\"").json();

    assertThat(own.path("usage")).isNotEqualTo(usual.path("usage"));
    assertThat(own.path("results")).isNotEqualTo(usual.path("results"));
  }

  @Test
  void manyDocumentsKeepTheirPlaces() throws Exception {
    String one = "{\"text\":\"A dog ran.\"}";
    String body =
        "{\"model\":\"judge\",\"query\":\"sea\",\"documents\":["
            + (one + ",").repeat(29)
            + one
            + "]}";

    JsonNode results = server.post("/rerank", body).json().path("results");

    List<Integer> places =
        IntStream.range(0, 30).mapToObj(i -> results.get(i).path("index").asInt()).toList();
    assertThat(places).doesNotHaveDuplicates();
    assertThat(results.get(29).path("relevance_score").asDouble())
        .isCloseTo(results.get(0).path("relevance_score").asDouble(), within(1e-4));
  }

  @Test
  void aModelWithoutTheTwoWordsOrTooLongADocumentIsRefused() throws Exception {
    Answer no =
        server.post("/v1/rerank", "{\"model\":\"tiny\",\"query\":\"a\",\"documents\":[\"b\"]}");
    assertThat(no.status()).isEqualTo(400);
    assertThat(no.json().at("/error/message").asString()).contains("'yes'", "Qwen3-Reranker");
    Answer tooLong =
        server.post(
            "/v1/rerank",
            "{\"model\":\"judge\",\"query\":\"a\",\"documents\":[\"b\",\""
                + "again ".repeat(600)
                + "\"]}");
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.json().at("/error/message").asString()).contains("documents[1]");
    assertThat(server.post("/v1/rerank", "{\"query\":\"a\",\"documents\":[]}").status())
        .isEqualTo(400);
  }

  private Answer rerank(String more) throws Exception {
    return server.post(
        "/v1/rerank",
        "{\"model\":\"judge\",\"query\":\"sea\",\"documents\":[\""
            + String.join("\",\"", DOCUMENTS)
            + "\"]"
            + more
            + "}");
  }
}
