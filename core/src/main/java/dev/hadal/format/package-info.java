/**
 * Model files: GGUF and safetensors, read memory-mapped and written.
 *
 * <p>Everything in which the two differ (tensor names, configuration keys, the order of rotated
 * rows) is made uniform here and only here: above this package a checkpoint speaks Hugging Face's
 * names. Broken and hostile files end in a {@link dev.hadal.format.FormatException}.
 */
@NullMarked
package dev.hadal.format;

import org.jspecify.annotations.NullMarked;
