/** The front door: a model in three lines. */
@NullMarked
package dev.hadal;

import org.jspecify.annotations.NullMarked;
