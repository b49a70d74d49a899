/**
 * The definition of every kernel: plain loops in the order of the formulas, sums in double. Slow,
 * complete, and what every other back end is held to.
 */
@NullMarked
package dev.hadal.backend.reference;

import org.jspecify.annotations.NullMarked;
