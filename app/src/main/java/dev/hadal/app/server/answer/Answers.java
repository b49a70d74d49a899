package dev.hadal.app.server.answer;

import dev.hadal.Hadal;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Job;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.Tool;
import dev.hadal.chat.dialect.CallFrame;
import dev.hadal.chat.dialect.Dialects;
import dev.hadal.chat.dialect.ReplyContext;
import dev.hadal.engine.LogitMask;
import dev.hadal.engine.Request;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TextStream;
import dev.hadal.engine.TokenStream;
import dev.hadal.grammar.AfterThinking;
import dev.hadal.grammar.Choices;
import dev.hadal.grammar.Grammar;
import dev.hadal.grammar.JsonMode;
import dev.hadal.grammar.JsonSchema;
import dev.hadal.tokenizer.StreamDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Begins answers. What it begins ends with its call at the latest. */
public final class Answers {
  private Answers() {}

  /**
   * So many answers to a conversation.
   *
   * @throws dev.hadal.app.server.RequestException if the prompt is too long or a call cannot be
   *     forced
   * @throws dev.hadal.engine.QueueFullException if too many wait already
   */
  public static Chorus chat(Job job, Hadal model, ChatRequest request, Wish wish, int n) {
    String rendered = model.template().render(request);
    return rendered(job, model, new int[0], rendered, request.tools(), wish, n);
  }

  /**
   * As {@link #chat}, for a prompt that is rendered already.
   *
   * @param before tokens that go before it: an earlier conversation
   */
  public static Chorus rendered(
      Job job, Hadal model, int[] before, String rendered, List<Tool> tools, Wish wish, int n) {
    model.checkpoint().requireUnchanged();
    ReplyContext context = ReplyContext.of(rendered, tools);
    Forced forced = Forced.NOTHING;
    if (!wish.mustCall().isEmpty()) {
      forced = force(job, model, rendered, context, wish);
    }
    int[] prompt = joined(model, before, model.encodePrompt(rendered + forced.prefix()));
    Grammar form = forced.arguments() == null ? wish.form() : forced.arguments();
    Chorus chorus = new Chorus(job);
    for (int i = 0; i < n; i++) {
      Wish own = wish.numbered(i);
      LogitMask mask = mask(model, context.thinking() && forced.prefix().isEmpty(), form, wish);
      TextStream text =
          new TextStream(
              submit(model, prompt, own, mask, false),
              new StreamDecoder(model.tokenizer(), true, true),
              own.params().stop());
      chorus.add(
          new Generation(
              job,
              text,
              model.dialect().dialect().parser(context),
              forced.prefix(),
              forced.suffix(),
              own.oneCall()));
    }
    return chorus;
  }

  /** A prompt behind earlier tokens: it has no beginning of its own then. */
  public static int[] joined(Hadal model, int[] before, int[] prompt) {
    if (before.length == 0) {
      return prompt;
    }
    OptionalInt bos = model.tokenizer().bos();
    boolean begins = bos.isPresent() && prompt.length > 0 && prompt[0] == bos.getAsInt();
    return IntStream.concat(Arrays.stream(before), Arrays.stream(prompt).skip(begins ? 1 : 0))
        .toArray();
  }

  /** So many texts that go on from tokens, with nothing told apart in them. */
  public static Chorus texts(
      Job job, Hadal model, List<int[]> prompts, Wish wish, boolean promptOnly, int n) {
    model.checkpoint().requireUnchanged();
    Chorus chorus = new Chorus(job);
    for (int[] prompt : prompts) {
      for (int i = 0; i < n; i++) {
        Wish own = wish.numbered(i);
        Grammar form = wish.form();
        LogitMask mask = form == null ? null : form.mask(model.tokenizer());
        TextStream text =
            new TextStream(
                submit(model, prompt, own, mask, promptOnly),
                new StreamDecoder(model.tokenizer(), false, prompt.length == 0),
                own.params().stop());
        chorus.add(
            new Generation(
                job,
                text,
                Dialects.plain().parser(new ReplyContext(false, List.of())),
                "",
                "",
                false));
      }
    }
    return chorus;
  }

  private static TokenStream submit(
      Hadal model, int[] prompt, Wish wish, @Nullable LogitMask mask, boolean promptOnly) {
    int room = model.contextLength() - (promptOnly ? 0 : 1);
    if (prompt.length > room) {
      throw Failure.of(
              Failure.Kind.TOO_LONG,
              "the prompt has %,d tokens, this model's context holds %,d and needs room for an answer; shorten the prompt"
                  .formatted(prompt.length, model.contextLength()))
          .exception();
    }
    return model
        .engine()
        .submit(
            Request.of(prompt, wish.params())
                .withMask(mask)
                .withLogprobs(wish.logprobs())
                .withPromptLogprobs(wish.promptLogprobs())
                .withPromptOnly(promptOnly));
  }

  private static @Nullable LogitMask mask(
      Hadal model, boolean thinking, @Nullable Grammar form, Wish wish) {
    LogitMask mask = null;
    if (form != null) {
      mask =
          thinking
              ? AfterThinking.mask(form, model.tokenizer(), "<think>", "</think>", true)
              : form.mask(model.tokenizer());
    }
    if (wish.thinkingTokens() >= 0 && (thinking || form == null)) {
      mask =
          new ThinkingBudget(
              model.tokenizer(), model.config().vocabSize(), wish.thinkingTokens(), thinking, mask);
    }
    return mask;
  }

  /**
   * A call that is begun for the model.
   *
   * @param prefix up to where its arguments begin
   * @param arguments what they are held to
   */
  private record Forced(String prefix, String suffix, @Nullable Grammar arguments) {
    static final Forced NOTHING = new Forced("", "", null);
  }

  /** Lets the model choose a tool, if there is a choice, and begins the call of it. */
  private static Forced force(
      Job job, Hadal model, String rendered, ReplyContext context, Wish wish) {
    CallFrame frame =
        model
            .dialect()
            .dialect()
            .callFrame()
            .orElseThrow(() ->
                Failure.invalid(
                        "tool_choice",
                        "tool_choice asks for a call, and this model's dialect ("
                            + model.dialect().dialect().name()
                            + ") has no form that one could be begun in; leave the choice to it")
                    .exception());
    String begin = (context.thinking() ? "\n</think>\n\n" : "") + frame.before();
    List<String> names = new ArrayList<>(wish.mustCall().stream().map(Tool::name).toList());
    String name = names.getFirst();
    if (names.size() > 1) {
      name = choose(job, model, rendered + begin, names, wish.params());
    }
    Tool tool = wish.mustCall().get(names.indexOf(name));
    return new Forced(begin + name + frame.between(), frame.after(), arguments(tool));
  }

  private static String choose(
      Job job, Hadal model, String prompt, List<String> names, SamplingParams params) {
    SamplingParams few = params.withMaxTokens(256).withStop(List.of());
    LogitMask mask = Choices.of(names).mask(model.tokenizer());
    try (TokenStream tokens =
        submit(model, model.encodePrompt(prompt), Wish.of(few), mask, false)) {
      job.stoppable(tokens::close);
      TextStream text =
          new TextStream(tokens, new StreamDecoder(model.tokenizer(), false, false), List.of());
      StringBuilder name = new StringBuilder();
      for (var piece = text.next(); piece.isPresent(); piece = text.next()) {
        name.append(piece.get());
      }
      job.check();
      return names.contains(name.toString()) ? name.toString() : names.getFirst();
    }
  }

  private static Grammar arguments(Tool tool) {
    return tool.parameters().isEmpty()
        ? JsonMode.object()
        : JsonSchema.of(JsonMapper.shared().valueToTree(tool.parameters()));
  }
}
