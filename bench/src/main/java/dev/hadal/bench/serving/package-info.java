/** What serving promises, measured: one command, a target beside each number. */
@NullMarked
package dev.hadal.bench.serving;

import org.jspecify.annotations.NullMarked;
