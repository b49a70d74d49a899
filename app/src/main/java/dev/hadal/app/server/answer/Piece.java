package dev.hadal.app.server.answer;

import dev.hadal.chat.dialect.Event;
import dev.hadal.engine.TokenLogprob;
import java.util.List;

/**
 * A piece of an answer.
 *
 * @param logprobs of the tokens it came from, where they were asked for; none for thinking and
 *     calls
 */
public record Piece(Event event, List<TokenLogprob> logprobs) {}
