package dev.hadal.app.server;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** TLS from PEM files. */
final class PemTls {
  private PemTls() {}

  /**
   * @throws IOException if a file is not there
   * @throws IllegalArgumentException if one holds something else
   */
  static Tls of(ServerOptions.Tls files) throws IOException {
    Path certificate = readable(files.certificate());
    Path key = readable(files.key());
    try {
      Keys keys =
          Keys.builder()
              .pem(pem -> pem.certChain(Resource.create(certificate)).key(Resource.create(key)))
              .build();
      return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s and %s are no certificate chain and PKCS#8 key in PEM: %s"
              .formatted(certificate, key, e.getMessage()),
          e);
    }
  }

  private static Path readable(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": there is no such file, or it may not be read");
    }
    return file;
  }
}
