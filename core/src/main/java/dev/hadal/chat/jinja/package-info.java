/**
 * An interpreter for the Jinja language as chat templates use it.
 *
 * <p>The whole of Jinja's expression and statement language is here, set up as Hugging Face's
 * transformers does it: {@code trim_blocks} and {@code lstrip_blocks} on, no HTML escaping, loop
 * controls, {@code tojson} in Python's form, an immutable sandbox. Templates are untrusted: they
 * see plain values only and run under {@link dev.hadal.chat.jinja.Limits}. Source: the Jinja
 * template designer documentation, https://jinja.palletsprojects.com/en/stable/templates/.
 */
@NullMarked
package dev.hadal.chat.jinja;

import org.jspecify.annotations.NullMarked;
