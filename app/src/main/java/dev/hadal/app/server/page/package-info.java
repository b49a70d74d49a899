/**
 * The chat page: its files, and the server's side of what {@code docs/page-api.md} says. Answers
 * are made here, not in the page, and go on without it.
 */
@NullMarked
package dev.hadal.app.server.page;

import org.jspecify.annotations.NullMarked;
