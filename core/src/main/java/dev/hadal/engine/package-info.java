/**
 * Tokens in, tokens out: sequences wait, are scheduled together, and stream what was sampled. One
 * thread owns model, cache and scheduler; everything else talks to it through queues.
 */
@NullMarked
package dev.hadal.engine;

import org.jspecify.annotations.NullMarked;
