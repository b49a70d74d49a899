package dev.hadal.app.server.page;

import dev.hadal.app.server.Traffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's last second. */
record Stats(
    long time,
    double promptTokensPerSecond,
    double tokensPerSecond,
    int running,
    int waiting,
    long kvUsedBytes,
    long kvTotalBytes,
    @Nullable Double firstTokenMs,
    @Nullable Double tokenMs,
    long memoryBytes,
    List<Traffic.Flight> requests) {

  Stats withoutRequests() {
    return new Stats(
        time,
        promptTokensPerSecond,
        tokensPerSecond,
        running,
        waiting,
        kvUsedBytes,
        kvTotalBytes,
        firstTokenMs,
        tokenMs,
        memoryBytes,
        List.of());
  }
}
