/**
 * What people ask of a model server beside answers: which documents fit a query, a text's tokens
 * and back, a conversation as the model reads it. In the words of Jina, Cohere, vLLM and llama.cpp.
 */
@NullMarked
package dev.hadal.app.server.extras;

import org.jspecify.annotations.NullMarked;
