package dev.hadal.app.server.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hadal.app.server.answer.Generation;
import dev.hadal.engine.TokenLogprob;
import dev.hadal.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shapes that several endpoints share. */
final class Json {
  private Json() {}

  static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }

  static ArrayNode array() {
    return JsonMapper.shared().createArrayNode();
  }

  static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }

  static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /** What answers to one prompt or several took; a prompt counts once. */
  static ObjectNode usage(List<Generation> voices, int answersPerPrompt) {
    int prompt = 0;
    int cached = 0;
    int generated = 0;
    int thinking = 0;
    for (int i = 0; i < voices.size(); i++) {
      Generation voice = voices.get(i);
      if (i % answersPerPrompt == 0) {
        prompt += voice.promptTokens();
        cached += voice.cachedTokens();
      }
      generated += voice.generatedTokens();
      thinking += voice.thinkingTokens();
    }
    ObjectNode usage =
        object()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", generated)
            .put("total_tokens", prompt + generated);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", thinking);
    return usage;
  }

  /** A token's text; of one that is no whole character, its bytes, as OpenAI writes them. */
  static String text(Tokenizer tokenizer, int token) {
    byte[] bytes = bytes(tokenizer, token);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder("bytes:");
      for (byte b : bytes) {
        text.append("\\x%02x".formatted(b & 0xff));
      }
      return text.toString();
    }
  }

  static byte[] bytes(Tokenizer tokenizer, int token) {
    return tokenizer.isControl(token)
        ? tokenizer.token(token).getBytes(UTF_8)
        : tokenizer.decodeBytes(token);
  }

  /** The logprobs of a chat's content. */
  static ObjectNode chatLogprobs(Tokenizer tokenizer, List<TokenLogprob> logprobs) {
    ObjectNode all = object();
    ArrayNode content = all.putArray("content");
    for (TokenLogprob one : logprobs) {
      ObjectNode entry = content.addObject();
      put(entry, tokenizer, one.token(), one.logprob());
      ArrayNode top = entry.putArray("top_logprobs");
      one.top().forEach(t -> put(top.addObject(), tokenizer, t.token(), t.logprob()));
    }
    all.putNull("refusal");
    return all;
  }

  private static void put(ObjectNode entry, Tokenizer tokenizer, int token, float logprob) {
    entry.put("token", text(tokenizer, token)).put("logprob", finite(logprob));
    ArrayNode bytes = entry.putArray("bytes");
    for (byte b : bytes(tokenizer, token)) {
      bytes.add(b & 0xff);
    }
  }

  /** JSON has no infinities; OpenAI writes -9999 for what cannot come. */
  static float finite(float logprob) {
    return Float.isFinite(logprob) ? logprob : -9999f;
  }
}
