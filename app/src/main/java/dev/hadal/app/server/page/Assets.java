package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** The page's own files, from the jar. Their names have their content's hash in them. */
final class Assets {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json",
          "woff2", "font/woff2");

  private final Map<String, Asset> known = new ConcurrentHashMap<>();

  /**
   * A file in memory.
   *
   * @param zipped empty where that saves nothing
   */
  private record Asset(byte[] plain, byte[] zipped, String tag, String type) {}

  void index(Call call) {
    send(call, "index.html", "no-cache");
  }

  void asset(Call call) {
    send(call, "assets/" + call.path("name"), "public, max-age=31536000, immutable");
  }

  private void send(Call call, String path, String cache) {
    Asset asset =
        Optional.of(path)
            .filter(p -> p.matches("(assets/)?[\\w-][\\w.-]{0,200}"))
            .flatMap(this::known)
            .orElseThrow(
                () -> Failure.of(Failure.Kind.NOT_FOUND, "the page has no such file").exception());
    call.answerHeader("Content-Security-Policy", POLICY);
    call.answerHeader("X-Content-Type-Options", "nosniff");
    call.answerHeader("Referrer-Policy", "no-referrer");
    call.answerHeader("Cross-Origin-Opener-Policy", "same-origin");
    call.answerHeader("Cross-Origin-Resource-Policy", "same-origin");
    call.answerHeader("Cache-Control", cache);
    call.answerHeader("ETag", asset.tag);
    call.answerHeader("Vary", "Accept-Encoding");
    if (call.header("If-None-Match").filter(tags -> has(tags, asset.tag)).isPresent()) {
      call.nothing(304);
      return;
    }
    boolean zipped =
        asset.zipped.length > 0
            && call.header("Accept-Encoding").filter(Assets::takesGzip).isPresent();
    if (zipped) {
      call.answerHeader("Content-Encoding", "gzip");
    }
    call.send(200, asset.type, zipped ? asset.zipped : asset.plain);
  }

  private static boolean has(String tags, String tag) {
    return Arrays.stream(tags.split(",", -1)).map(String::strip).anyMatch(tag::equals);
  }

  private static boolean takesGzip(String accepted) {
    return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(",", -1))
        .map(String::strip)
        .anyMatch(one -> one.matches("(gzip|\\*)(\\s*;\\s*q=(1|0\\.\\d*[1-9]\\d*|1\\.0*))?"));
  }

  /** Names that are none are not kept: there is no end of them. */
  private Optional<Asset> known(String path) {
    Optional<Asset> asset = Optional.ofNullable(known.get(path)).or(() -> load(path));
    asset.ifPresent(a -> known.put(path, a));
    return asset;
  }

  private static Optional<Asset> load(String path) {
    try (InputStream in = Assets.class.getResourceAsStream("/web/" + path)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] plain = in.readAllBytes();
      byte[] zipped = path.endsWith(".woff2") ? new byte[0] : zip(plain);
      return Optional.of(
          new Asset(
              plain,
              zipped.length < plain.length ? zipped : new byte[0],
              tag(plain),
              TYPES.getOrDefault(
                  path.substring(path.lastIndexOf('.') + 1), "application/octet-stream")));
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + path + " cannot be read", e);
    }
  }

  private static byte[] zip(byte[] plain) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    return zipped.toByteArray();
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 8) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every one must", e);
    }
  }
}
