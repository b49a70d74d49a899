package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file to read, unpacked on the way when it is gzip; one that unpacks beyond all reason is
 * refused.
 */
final class Source extends FilterInputStream {
  private static final long MAX_BYTES = 1L << 30;

  private final String file;
  private long read;

  private Source(InputStream in, String file) {
    super(in);
    this.file = file;
  }

  static InputStream open(Path path) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      in.mark(2);
      boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
      in.reset();
      return new Source(
          gzip ? new GZIPInputStream(in, 1 << 16) : in, path.getFileName().toString());
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    count(Math.max(n, 0));
    return n;
  }

  private void count(int n) {
    read += n;
    if (read > MAX_BYTES) {
      throw new FormatException(
          file,
          read,
          "the file unpacks to more than " + MAX_BYTES + " bytes; no tokenizer is that large");
    }
  }
}
