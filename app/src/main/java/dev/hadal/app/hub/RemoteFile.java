package dev.hadal.app.hub;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that can be fetched.
 *
 * @param path its name in the repository
 * @param size in bytes; -1 if nobody says
 * @param checksum a SHA-256, or git's SHA-1 of a blob, in hexadecimal; empty if nobody says
 * @param token who asks for it
 */
record RemoteFile(String path, long size, String checksum, URI uri, Optional<Secret> token) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  RemoteFile {
    if (!NameSyntax.isRelativePath(path)) {
      throw new IllegalArgumentException("a file named '" + path + "' would leave its folder");
    }
    if (!(checksum.isEmpty() || HEX.matcher(checksum).matches())) {
      throw new IllegalArgumentException("'" + checksum + "' is no checksum of " + path);
    }
  }

  /** The file with the size and the checksum that its own address gives. */
  RemoteFile with(long size, String checksum) {
    return new RemoteFile(path, size, checksum, uri, token);
  }

  boolean isSha256() {
    return checksum.length() == 64;
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A checksum in a header or a listing, as it may be written; empty if it is none. */
  static String checksum(String text) {
    String plain = text.replaceFirst("^W/", "").replaceFirst("^sha256:", "").replace("\"", "");
    return HEX.matcher(plain).matches() ? plain : "";
  }
}
