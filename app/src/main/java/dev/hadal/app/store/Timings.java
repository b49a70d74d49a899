package dev.hadal.app.store;

import org.jspecify.annotations.Nullable;

/**
 * What an answer took, in time.
 *
 * @param queueMs until the model was there and asked
 * @param firstTokenMs from then to the first token
 */
public record Timings(
    long queueMs,
    @Nullable Long firstTokenMs,
    @Nullable Double promptTokensPerSecond,
    @Nullable Double tokensPerSecond) {}
