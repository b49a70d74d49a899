/** Benchmarks: kernels on JMH, end to end beside others. */
package dev.hadal.bench;
