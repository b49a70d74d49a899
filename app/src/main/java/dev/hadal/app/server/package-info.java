/**
 * The HTTP server: what every interface needs and none should do itself. A request passes the
 * {@link dev.hadal.app.server.Gate} (ending? host, origin, key, size, JSON), is handled on a
 * virtual thread of its own, is watched for hang-ups and deadlines, and is counted. The interfaces
 * are {@link dev.hadal.app.server.Room}s, packages of their own above this one.
 */
@NullMarked
package dev.hadal.app.server;

import org.jspecify.annotations.NullMarked;
