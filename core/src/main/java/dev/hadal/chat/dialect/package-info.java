/**
 * How model families write thinking and tool calls into their text, one file a family, and the
 * parsers that take it apart while it streams.
 */
@NullMarked
package dev.hadal.chat.dialect;

import org.jspecify.annotations.NullMarked;
