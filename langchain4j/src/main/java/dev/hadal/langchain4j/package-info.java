/**
 * LangChain4j's model interfaces over an opened {@link dev.hadal.Hadal}: no server, no HTTP. A
 * module of its own, so that the library brings no LangChain4j to those who want none.
 */
@NullMarked
package dev.hadal.langchain4j;

import org.jspecify.annotations.NullMarked;
