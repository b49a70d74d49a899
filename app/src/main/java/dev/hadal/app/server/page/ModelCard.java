package dev.hadal.app.server.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hadal.app.store.Problem;
import org.jspecify.annotations.Nullable;

/** A model, as the page shows it. */
record ModelCard(
    String name,
    String label,
    @Nullable String architecture,
    @Nullable Long parameters,
    @Nullable String quantization,
    long sizeBytes,
    @Nullable Integer contextLength,
    long modified,
    String source,
    String state,
    @Nullable Double progress,
    @Nullable Long memoryBytes,
    int answering,
    @Nullable Long expires,
    boolean pinned,
    @Nullable Problem error,
    boolean thinking,
    @JsonProperty("default") boolean first,
    boolean deletable) {}
