package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One file behind a URL. Its checksum is known if the server says it as hubs do, or if the URL ends
 * in {@code #sha256=...}.
 */
final class WebLink implements Source {
  private static final String FRAGMENT = "sha256=";

  private final Http http;
  private final ModelName.Link link;

  WebLink(Http http, ModelName.Link link) {
    this.http = http;
    this.link = link;
  }

  @Override
  public Listing list() throws IOException {
    if (!link.file().endsWith(".gguf")) {
      throw new IllegalArgumentException(
          link.typed() + ": a URL of a model ends in .gguf; of a repository type hf.co/ORG/REPO");
    }
    // Not HEAD: what signs addresses signs them for GET.
    Http.Reply reply =
        http.request("GET", link.uri(), Optional.empty(), Map.of("Range", "bytes=0-0"));
    reply.body().close();
    long size = reply.response().headers().firstValueAsLong("Content-Length").orElse(-1);
    if (reply.status() == 206) {
      String range = reply.header("Content-Range").orElse("");
      size = number(range.substring(range.lastIndexOf('/') + 1));
    }
    String state =
        reply.header("ETag").orElse("") + reply.header("Last-Modified").orElse("") + " " + size;
    RemoteFile file =
        new RemoteFile(link.file(), size, checksum(reply), link.uri(), Optional.empty());
    return new Listing(Checksums.sha256(state.getBytes(UTF_8)).substring(0, 40), List.of(file));
  }

  private String checksum(Http.Reply reply) {
    String fragment = link.uri().getFragment();
    if (fragment != null && fragment.startsWith(FRAGMENT)) {
      String stated = RemoteFile.checksum(fragment.substring(FRAGMENT.length()));
      if (stated.length() == 64) {
        return stated;
      }
      throw new IllegalArgumentException(
          link.typed() + ": after '#sha256=' 64 hexadecimal digits are expected");
    }
    String linked = RemoteFile.checksum(reply.first().firstValue("X-Linked-Etag").orElse(""));
    return linked.length() == 64 ? linked : "";
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public HubException explain(StatusException e) {
    return switch (e.status()) {
      case 401, 403 ->
          new HubException(
              e.getMessage() + ": not everybody may fetch this; is the address still valid?", e);
      case 404, 410 -> new HubException(e.getMessage() + ": nothing is there; is it right?", e);
      default -> Source.trouble(link.file(), e);
    };
  }
}
