package dev.hadal.app.server.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.ApiKeys;
import dev.hadal.app.server.ServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and what the page's own files say to the browser. */
final class DoorsTest {
  @TempDir private Path folder;
  private PageServer server;

  @BeforeEach
  void start() throws IOException {
    server = PageServer.start(folder);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** A bare request, with lines of its own, and all that comes back. */
  private String ask(String request, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      String text =
          request
              + " HTTP/1.1\r\nConnection: close\r\n"
              + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
              + "\r\n";
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: https://elsewhere.example",
        "Origin: null",
        "Origin: http://localhost.elsewhere.example",
        "Origin: http://localhost:1"
      })
  void anotherSiteIsRefused(String header) throws IOException {
    for (String request :
        List.of(
            "GET /hadal/v1/conversations",
            "GET /hadal/v1/events",
            "POST /hadal/v1/import",
            "GET /hadal/v1/session",
            "OPTIONS /hadal/v1/conversations")) {
      assertThat(ask(request, "Host: localhost", header))
          .startsWith("HTTP/1.1 403")
          .contains("\"cross_origin\"")
          .doesNotContainIgnoringCase("access-control");
    }
  }

  @Test
  void ownOriginIsLetIn() throws IOException {
    assertThat(
            ask(
                "GET /hadal/v1/conversations",
                "Host: localhost:7",
                "Origin: http://localhost:7",
                "Sec-Fetch-Site: same-origin"))
        .startsWith("HTTP/1.1 200")
        .doesNotContainIgnoringCase("access-control");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rebound.example",
        "localhost.rebound.example",
        "127.0.0.1.rebound.example",
        "x:80",
        "[",
        "rebound.example:127.0.0.1"
      })
  void aForeignNameThatPointsHereIsRefused(String host) throws IOException {
    String answer = ask("GET /hadal/v1/conversations", "Host: " + host);
    assertThat(answer).matches("(?s)HTTP/1.1 (403|400).*").doesNotContain("\"conversations\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1:8080", "[::1]:8080", "192.168.1.7", "LOCALHOST:1"})
  void ourOwnNamesAreLetIn(String host) throws IOException {
    assertThat(ask("GET /hadal/v1/conversations", "Host: " + host)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%68adal/v1/conversations",
        "//hadal/v1/conversations",
        "/./hadal/v1/conversations",
        "/x/../hadal/v1/conversations",
        "/hadal/v1/conversations;x=1"
      })
  void noSpellingOfThePathGetsAroundTheDoor(String path) throws IOException {
    assertThat(ask("GET " + path, "Host: rebound.example")).doesNotContain("\"conversations\"");
  }

  @Test
  void whereSitesAreLetInToOthersThePageIsStillItsOwn() throws Exception {
    server.close();
    server =
        PageServer.start(
            folder,
            ServerOptions.local(0).withOrigins(List.of("*", "https://box.example")),
            Map.of());
    assertThat(ask("GET /hadal/v1/conversations", "Host: localhost", "Origin: https://a.example"))
        .startsWith("HTTP/1.1 403")
        .doesNotContainIgnoringCase("access-control");
    assertThat(
            ask(
                "OPTIONS /hadal/v1/conversations",
                "Host: localhost",
                "Origin: https://a.example",
                "Access-Control-Request-Method: DELETE"))
        .startsWith("HTTP/1.1 403")
        .doesNotContainIgnoringCase("access-control");
    assertThat(ask("GET /hadal/v1/conversations", "Host: box.example")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aBodyHasToBeJson() throws Exception {
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "text/markdown", "")) {
      PageServer.Said said = server.post("/conversations", "{}", "Content-Type", type);
      assertThat(said.status()).isEqualTo(415);
      assertThat(said.code()).isEqualTo("wrong_type");
    }
    assertThat(
            server
                .post("/conversations", "{}", "Content-Type", "application/json; charset=utf-8")
                .status())
        .isEqualTo(201);
    assertThat(server.post("/import", "{}", "Content-Type", "text/html").code())
        .isEqualTo("wrong_type");
  }

  @Test
  void aBodyOfMoreThan16MiBIsTooLarge() throws Exception {
    PageServer.Said said =
        server.post("/conversations", "{\"system\":\"" + "x".repeat(16 << 20) + "\"}");
    assertThat(said.status()).isEqualTo(413);
    assertThat(said.code()).isEqualTo("too_large");
    assertThat(
            server.post("/conversations", "{\"system\":\"" + "x".repeat(15 << 20) + "\"}").status())
        .isEqualTo(201);
  }

  @Test
  void withKeysOnlyWhoHasOneGetsIn() throws Exception {
    server.close();
    server =
        PageServer.start(
            folder, ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sk-1", "sk-2"))), Map.of());
    assertThat(server.get("/conversations").status()).isEqualTo(401);
    assertThat(server.get("/conversations").code()).isEqualTo("key_required");
    assertThat(server.get("/events").code()).isEqualTo("key_required");
    assertThat(server.get("/conversations", "Authorization", "Bearer sk-3").status())
        .isEqualTo(401);
    assertThat(server.get("/conversations", "Authorization", "Bearer sk-2").status())
        .isEqualTo(200);
    assertThat(server.get("/session").text())
        .isEqualTo("{\"key_required\":true,\"signed_in\":false}");
    assertThat(server.get("//").status()).isEqualTo(200);

    PageServer.Said wrong = server.post("/session", "{\"key\":\"sk-3\"}");
    assertThat(wrong.status()).isEqualTo(403);
    assertThat(wrong.code()).isEqualTo("wrong_key");
    PageServer.Said right = server.post("/session", "{\"key\":\"sk-1\"}");
    assertThat(right.text()).isEqualTo("{\"key_required\":true,\"signed_in\":true}");
    String set = right.header("Set-Cookie");
    assertThat(set)
        .startsWith("hadal_session=")
        .contains("; HttpOnly; SameSite=Strict; Path=/hadal")
        .doesNotContain("sk-1");
    String cookie = set.substring(0, set.indexOf(';'));
    assertThat(server.get("/conversations", "Cookie", "a=b; " + cookie).status()).isEqualTo(200);
    assertThat(server.get("/session", "Cookie", cookie).text()).contains("\"signed_in\":true");
    for (String forged :
        List.of(
            "hadal_session=",
            "hadal_session=x.y.z",
            cookie + "x",
            cookie.replace("hadal_session=", "hadal_session=9"),
            "hadal_session=yes")) {
      assertThat(server.get("/conversations", "Cookie", forged).status()).isEqualTo(401);
    }
    assertThat(server.send("DELETE", "/session", null, "Cookie", cookie).header("Set-Cookie"))
        .contains("Max-Age=0");

    server.close(); // a restart signs nobody out; another key does
    server =
        PageServer.start(
            folder, ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sk-1"))), Map.of());
    assertThat(server.get("/conversations", "Cookie", cookie).status()).isEqualTo(200);
    server.close();
    server =
        PageServer.start(
            folder, ServerOptions.local(0).withKeys(ApiKeys.of(List.of("sk-9"))), Map.of());
    assertThat(server.get("/conversations", "Cookie", cookie).status()).isEqualTo(401);
  }

  @Test
  void thePagesFilesComeWithAPolicyAndMayBeKept() throws Exception {
    PageServer.Said index = server.get("//");
    assertThat(index.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self';")
        .doesNotContain("unsafe");
    assertThat(index.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(index.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(index.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(index.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(index.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(server.get("//", "If-None-Match", index.header("ETag")).status()).isEqualTo(304);

    String script = index.text().replaceAll("(?s).*src=\"\\./(assets/[^\"]+\\.js)\".*", "$1");
    PageServer.Said plain = server.get("//" + script);
    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.header("Content-Type")).startsWith("text/javascript");
    assertThat(plain.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    String raw = ask("GET /" + script, "Host: localhost", "Accept-Encoding: br, gzip");
    assertThat(raw).contains("Content-Encoding: gzip");
    byte[] zipped = raw.substring(raw.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
    try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(zipped))) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(plain.text());
    }
    assertThat(ask("GET /" + script, "Host: localhost", "Accept-Encoding: gzip;q=0"))
        .doesNotContain("Content-Encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/none.js",
        "/assets/..%2findex.html",
        "/assets/../../dev/hadal/app/cli/Main.class",
        "/assets/%2e%2e/index.html",
        "/assets/"
      })
  void onlyThePagesFilesAreServed(String path) throws IOException {
    assertThat(ask("GET " + path, "Host: localhost")).startsWith("HTTP/1.1 404");
  }
}
