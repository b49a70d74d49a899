/**
 * The kernels on the Vector API: 128, 256 or 512 bits, whatever the machine prefers, over an own
 * pool of workers.
 *
 * <p>How the hot code is written, and why: a kernel is one small static method without helpers that
 * take or return vectors. The compiler stops inlining plain helpers once a method has grown to
 * 18,000 nodes, which some thirty vector operations reach, and a helper that is not inlined boxes
 * its vectors (measured: 9 GB/s falls to 2). Quantised blocks are read at absolute addresses; what
 * is read again and again (activations, unpacked rows) lies in float arrays, whose range checks
 * leave the loop.
 */
@NullMarked
package dev.hadal.backend.simd;

import org.jspecify.annotations.NullMarked;
