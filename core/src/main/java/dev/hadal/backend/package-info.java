/**
 * The narrow interface between models and machines: the kernels a back end must have, what they
 * work on (a packed batch of tokens and the key/value cache), and how a back end is chosen.
 */
@NullMarked
package dev.hadal.backend;

import org.jspecify.annotations.NullMarked;
