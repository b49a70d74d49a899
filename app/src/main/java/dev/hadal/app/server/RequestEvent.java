package dev.hadal.app.server;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One request, for the JDK's flight recorder. Its duration is the whole request's. */
@Name("dev.hadal.Request")
@Label("Request")
@Category("Hadal")
@Description("A request that the server answered or refused")
@StackTrace(false)
final class RequestEvent extends Event {
  @Label("Endpoint")
  String endpoint = "";

  @Label("Model")
  String model = "";

  @Label("Status")
  int status;

  @Label("Prompt Tokens")
  int promptTokens;

  @Label("Cached Tokens")
  int cachedTokens;

  @Label("Generated Tokens")
  int generatedTokens;

  @Label("First Token")
  @Description("From submission to the first token, the wait in the queue included")
  @Timespan(Timespan.NANOSECONDS)
  long firstToken;

  @Label("Decode")
  @Timespan(Timespan.NANOSECONDS)
  long decode;

  void of(Call call) {
    Work work = call.work();
    endpoint = call.name();
    model = work.model();
    status = call.status();
    promptTokens = work.promptTokens();
    cachedTokens = work.cachedTokens();
    generatedTokens = work.generatedTokens();
    firstToken = work.firstTokenNanos();
    decode = work.decodeNanos();
  }
}
