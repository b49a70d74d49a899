package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The keys that open the server. Only their digests are kept, so no log and no message can show
 * one; comparing takes the same time whatever is presented.
 */
public final class ApiKeys {
  private final List<byte[]> digests = new ArrayList<>();

  private ApiKeys(Collection<String> keys) {
    for (String key : keys) {
      if (key.isBlank() || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new IllegalArgumentException(
            "an API key is empty or has spaces or letters beyond ASCII in it, which no header can"
                + " carry");
      }
      digests.add(digest(key));
    }
  }

  public static ApiKeys none() {
    return new ApiKeys(List.of());
  }

  public static ApiKeys of(Collection<String> keys) {
    return new ApiKeys(keys);
  }

  public boolean isEmpty() {
    return digests.isEmpty();
  }

  /** Whether this is one of them. */
  boolean accept(String presented) {
    byte[] digest = digest(presented);
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every one must", e);
    }
  }

  @Override
  public String toString() {
    return digests.size() + " keys (hidden)";
  }
}
