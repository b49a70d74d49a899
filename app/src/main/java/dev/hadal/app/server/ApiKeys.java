package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
  public boolean accept(String presented) {
    byte[] digest = digest(presented);
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found;
  }

  /**
   * A signature that only who knows the key can make, or this server: what a browser may show
   * instead of the key. Source: RFC 2104.
   */
  public String sign(String key, String text) {
    return sign(digest(key), text);
  }

  /** Whether a text was signed with one of the keys. */
  public boolean isSigned(String text, String signature) {
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(sign(known, text).getBytes(UTF_8), signature.getBytes(UTF_8));
    }
    return found;
  }

  private static String sign(byte[] digest, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(digest, "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA-256, which every one must", e);
    }
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
