package dev.hadal.chat.dialect;

/**
 * How a call is written around its name and its arguments: for callers that must have one, who
 * begin it for the model.
 *
 * @param before stands before the tool's name
 * @param between stands between the name and the arguments' JSON
 * @param after ends the call
 */
public record CallFrame(String before, String between, String after) {}
