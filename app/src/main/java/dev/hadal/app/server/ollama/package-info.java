/**
 * Ollama's API: chat, generate, embeddings, and the models themselves, as its own clients speak it.
 * Source: Ollama's docs/api.md and the types of its Go client. Durations are nanoseconds, times RFC
 * 3339; a stream is a JSON object a line.
 */
@NullMarked
package dev.hadal.app.server.ollama;

import org.jspecify.annotations.NullMarked;
