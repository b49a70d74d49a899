/** Layers: named weights and the formulas over them. */
@NullMarked
package dev.hadal.nn;

import org.jspecify.annotations.NullMarked;
