/**
 * Tensors: shaped views of off-heap memory, the element types they are stored in (block-quantised
 * ones included), and the bump memory that activations live in.
 */
@NullMarked
package dev.hadal.tensor;

import org.jspecify.annotations.NullMarked;
