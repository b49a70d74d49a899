package dev.hadal.app.store;

/**
 * What an answer took, in tokens.
 *
 * @param cachedTokens those of the prompt that were computed before
 * @param thinkingTokens those of the completion that were thinking
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens, int thinkingTokens) {}
