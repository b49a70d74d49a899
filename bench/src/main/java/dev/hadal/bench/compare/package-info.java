/** End to end beside llama.cpp, turn by turn on the same files. */
@NullMarked
package dev.hadal.bench.compare;

import org.jspecify.annotations.NullMarked;
