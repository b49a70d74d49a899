/**
 * Where models come from: names as people type them, the cache that other tools share, downloads.
 * Looking something up touches only the disk; only {@link dev.hadal.app.hub.Puller} knows the
 * network.
 */
@NullMarked
package dev.hadal.app.hub;

import org.jspecify.annotations.NullMarked;
