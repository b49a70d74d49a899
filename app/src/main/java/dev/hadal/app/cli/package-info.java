/** The command line: one file a command, thin; all it knows about models comes from the library. */
@NullMarked
package dev.hadal.app.cli;

import org.jspecify.annotations.NullMarked;
