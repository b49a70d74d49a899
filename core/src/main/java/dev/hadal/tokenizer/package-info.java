/**
 * Text to token ids and back: byte-level BPE, SentencePiece BPE and unigram, WordPiece, read from
 * GGUF metadata, Hugging Face's {@code tokenizer.json} or tiktoken ranks. {@link
 * dev.hadal.tokenizer.Tokenizers} opens them, {@link dev.hadal.tokenizer.Tokenizer} is what
 * everyone else sees, {@link dev.hadal.tokenizer.StreamDecoder} turns tokens into whole characters
 * as they come. Everything here is immutable after construction, apart from bounded caches, and may
 * be shared between threads.
 */
@NullMarked
package dev.hadal.tokenizer;

import org.jspecify.annotations.NullMarked;
