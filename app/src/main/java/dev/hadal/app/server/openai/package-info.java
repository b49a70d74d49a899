/**
 * OpenAI's API: chat completions, completions, responses, embeddings and models, as its own clients
 * speak it. Source: the OpenAPI description that OpenAI publishes; thinking as DeepSeek's API words
 * it ({@code reasoning_content}), further sampling fields as vLLM names them.
 */
@NullMarked
package dev.hadal.app.server.openai;

import org.jspecify.annotations.NullMarked;
