/** Anthropic's interface: messages, streamed or whole, with tools and thinking. */
@NullMarked
package dev.hadal.app.server.anthropic;

import org.jspecify.annotations.NullMarked;
