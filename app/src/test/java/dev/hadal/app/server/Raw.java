package dev.hadal.app.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;

/** A client that says what it likes, byte by byte. */
final class Raw implements AutoCloseable {
  private final Socket socket;

  Raw(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
  }

  Raw say(String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(US_ASCII));
    out.flush();
    return this;
  }

  /** A request as it should be, with this host. */
  Raw get(String path, String host) throws IOException {
    return say("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  String all() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  /** Waits for the first bytes that come back. */
  void some() throws IOException {
    if (socket.getInputStream().read(new byte[200]) < 0) {
      throw new IOException("the server hung up first");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
