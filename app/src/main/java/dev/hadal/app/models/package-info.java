/**
 * Models that are held ready to answer: found by name, loaded when first asked for, kept for a
 * while, and put away when their memory is needed. Whoever uses one leases it.
 */
@NullMarked
package dev.hadal.app.models;

import org.jspecify.annotations.NullMarked;
