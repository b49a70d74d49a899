/**
 * Conversations: messages, tools and requests as the OpenAI API words them, and the chat template
 * that turns a request into the prompt a model was trained on.
 */
@NullMarked
package dev.hadal.chat;

import org.jspecify.annotations.NullMarked;
