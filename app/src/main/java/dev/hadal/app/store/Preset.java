package dev.hadal.app.store;

import org.jspecify.annotations.Nullable;

/** Settings under a name. */
public record Preset(
    String id, String name, String system, @Nullable Boolean thinking, Sampling sampling) {}
