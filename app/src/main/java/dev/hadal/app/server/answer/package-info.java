/**
 * Answers for every interface: a request is rendered, submitted, taken apart into thinking, content
 * and calls, held to a form and to a thinking budget, metered, and stopped when nobody waits for it
 * any more. An interface only words what comes.
 */
@NullMarked
package dev.hadal.app.server.answer;

import org.jspecify.annotations.NullMarked;
