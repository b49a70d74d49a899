/** Model families: one file each, made of layers, speaking only ops, names and shapes. */
@NullMarked
package dev.hadal.model;

import org.jspecify.annotations.NullMarked;
