package dev.hadal.app.server.extras;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.ModelField;
import dev.hadal.engine.TokenStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * POST /v1/rerank: documents by how well they fit a query, the best first. Fields as Jina, Cohere
 * and vLLM have them; {@code instruction} says what fits. Several documents are judged at a time,
 * and what their prompts have in common is computed once.
 */
final class RerankEndpoint implements Handler {
  private static final int MOST_DOCUMENTS = 2048;
  private static final int AT_A_TIME = 8;

  /** A document's place in the request and its score. */
  private record Judged(int index, double score) {}

  @Override
  public void handle(Call call) {
    Fields fields = call.fields();
    String query = fields.requiredText("query");
    List<String> documents = documents(fields);
    int most = fields.integer("top_n", 0, Integer.MAX_VALUE).orElse(0);
    boolean withDocuments = fields.flag("return_documents", true);
    String instruction =
        fields.text("instruction").filter(i -> !i.isBlank()).orElse(Judge.INSTRUCTION);
    String name = ModelField.read(call, fields);
    Hadal model = call.lease(name).model();
    model.checkpoint().requireUnchanged();
    Judge judge = new Judge(model);
    List<int[]> prompts = new ArrayList<>();
    for (String document : documents) {
      int[] prompt = judge.prompt(instruction, query, document);
      checkLength(prompt.length, prompts.size(), model);
      prompts.add(prompt);
    }
    List<Judged> judged = judge(call, judge, prompts);
    judged.sort(Comparator.comparingDouble(Judged::score).reversed());
    ObjectNode answer = Extras.object().put("id", "rerank-" + UUID.randomUUID()).put("model", name);
    int tokens = prompts.stream().mapToInt(p -> p.length).sum();
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    ArrayNode results = answer.putArray("results");
    for (Judged one :
        judged.subList(0, most == 0 ? judged.size() : Math.min(most, judged.size()))) {
      ObjectNode result = results.addObject().put("index", one.index());
      result.put("relevance_score", one.score());
      if (withDocuments) {
        result.putObject("document").put("text", documents.get(one.index()));
      }
    }
    call.json(answer);
  }

  private static List<String> documents(Fields fields) {
    List<JsonNode> given = fields.array("documents");
    if (given.isEmpty() || given.size() > MOST_DOCUMENTS) {
      throw fields.wrong("documents", "a list of 1 to %,d documents".formatted(MOST_DOCUMENTS));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode document : given) {
      texts.add(
          document.isString()
              ? document.stringValue()
              : Fields.of(document, "documents[" + texts.size() + "]").requiredText("text"));
    }
    return texts;
  }

  private static void checkLength(int tokens, int index, Hadal model) {
    if (tokens >= model.contextLength()) {
      throw new Failure(
              Failure.Kind.TOO_LONG,
              "documents[%d] comes to %,d tokens with its query, this model's context holds %,d; cut it into parts"
                  .formatted(index, tokens, model.contextLength()),
              "documents",
              Optional.empty())
          .exception();
    }
  }

  private static List<Judged> judge(Call call, Judge judge, List<int[]> prompts) {
    Queue<TokenStream> begun = new ConcurrentLinkedQueue<>();
    call.stoppable(() -> begun.forEach(TokenStream::close));
    call.atEnd(() -> begun.forEach(TokenStream::close));
    Queue<TokenStream> open = new ArrayDeque<>();
    List<Judged> judged = new ArrayList<>();
    int next = 0;
    while (judged.size() < prompts.size()) {
      call.check();
      // The first goes alone: the others find its beginning computed.
      int room = judged.isEmpty() ? 1 : AT_A_TIME;
      while (next < prompts.size() && open.size() < room) {
        TokenStream stream = judge.submit(prompts.get(next++));
        begun.add(stream);
        open.add(stream);
      }
      TokenStream first = open.remove();
      judged.add(new Judged(judged.size(), judge.score(call, first)));
      call.work()
          .add(
              first.promptTokens(),
              first.generatedTokens(),
              first.cachedTokens(),
              first.promptNanos(),
              first.decodeNanos(),
              "stop");
      first.close();
      begun.remove(first);
    }
    return judged;
  }
}
