/** What end-to-end measurements have in common: arguments, models, turns, the file of results. */
@NullMarked
package dev.hadal.bench.harness;

import org.jspecify.annotations.NullMarked;
