package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.app.server.openai.OpenAi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate of its own, made by the JDK's keytool. */
@Timeout(60)
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  private ServerOptions.Tls files;
  private Certificate certificate;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path store = folder.resolve("store.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    int status =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    assertThat(status).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    certificate = keys.getCertificate("server");
    files =
        new ServerOptions.Tls(
            pem("cert.pem", "CERTIFICATE", certificate.getEncoded()),
            pem("key.pem", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
  }

  private Path pem(String name, String type, byte[] der) throws Exception {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, lines, type));
  }

  @Test
  void itAnswersOverTlsWholeAndStreamed() throws Exception {
    try (TestServer server =
            TestServer.start(folder, ServerOptions.local(0).withTls(files), new OpenAi());
        HttpClient client = trusting()) {
      URI models = server.at("/v1/models");
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(models).build(), BodyHandlers.ofString());
      String body = "{\"model\":\"tiny\",\"prompt\":\"Once\",\"max_tokens\":8,\"stream\":true}";
      HttpResponse<String> stream =
          client.send(
              HttpRequest.newBuilder(server.at("/v1/completions"))
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());

      assertThat(models.getScheme()).isEqualTo("https");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession()).isPresent();
      assertThat(answer.sslSession().get().getPeerCertificates()[0]).isEqualTo(certificate);
      assertThat(stream.body()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void whoDoesNotTrustItOrSpeaksPlainlyIsNotAnswered() throws Exception {
    try (TestServer server =
        TestServer.start(folder, ServerOptions.local(0).withTls(files), new OpenAi())) {
      assertThatThrownBy(() -> server.get("/health")).isInstanceOf(SSLHandshakeException.class);
      try (Raw plain = new Raw(server.at("/"))) {
        assertThat(whatComes(plain.get("/health", "localhost"))).doesNotContain("ok\n");
      }
    }
  }

  @Test
  void filesThatAreNoCertificateAreRefusedByName() throws Exception {
    Path text = Files.writeString(folder.resolve("text.pem"), "hello");
    ServerOptions wrong = ServerOptions.local(0).withTls(new ServerOptions.Tls(text, files.key()));
    ServerOptions absent =
        ServerOptions.local(0)
            .withTls(new ServerOptions.Tls(folder.resolve("no.pem"), files.key()));

    assertThatThrownBy(() -> TestServer.start(folder, wrong, new OpenAi()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text.pem");
    assertThatThrownBy(() -> TestServer.start(folder, absent, new OpenAi()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no.pem");
  }

  private static String whatComes(Raw client) {
    try {
      return client.all();
    } catch (IOException e) {
      return ""; // hung up on
    }
  }

  private HttpClient trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
