package dev.hadal.app.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What offers files of models over the network. */
interface Source {
  /**
   * What a repository has.
   *
   * @param commit its state, as the cache names it
   */
  record Listing(String commit, List<RemoteFile> files) {
    public Listing {
      if (!NameSyntax.isPlainName(commit)) {
        throw new IllegalArgumentException("'" + commit + "' is no commit");
      }
    }
  }

  /** What there is. */
  Listing list() throws IOException;

  /** What an answer means that is not the one that was asked for. */
  HubException explain(StatusException e);

  /** The file with a size and a checksum, asked for if the listing did not have them. */
  default RemoteFile complete(Http http, RemoteFile file) throws IOException {
    if (file.size() >= 0 && !file.checksum().isEmpty()) {
      return file;
    }
    Http.Reply reply = http.request("HEAD", file.uri(), file.token(), Map.of());
    String etag =
        reply
            .first()
            .firstValue("X-Linked-Etag")
            .or(() -> reply.first().firstValue("ETag"))
            .orElse("");
    long size =
        reply
            .first()
            .firstValueAsLong("X-Linked-Size")
            .orElse(reply.response().headers().firstValueAsLong("Content-Length").orElse(-1));
    String stated = file.checksum().isEmpty() ? RemoteFile.checksum(etag) : file.checksum();
    return file.with(file.size() >= 0 ? file.size() : size, stated);
  }

  /** An address below another, each part encoded. */
  static URI below(URI base, String path, String query) {
    String encoded =
        Stream.of(path.split("/", -1)).map(Source::encoded).collect(Collectors.joining("/"));
    return URI.create(base + "/" + encoded + (query.isEmpty() ? "" : "?" + query));
  }

  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What every site's answers have in common. */
  static HubException trouble(String what, StatusException e) {
    return new HubException(
        e.status() == 429
            ? "%s: %s asks to be asked less often; pull again later, what is here already stays"
                .formatted(what, e.uri().getAuthority())
            : "%s: %s; try again later, what is here already stays".formatted(what, e.getMessage()),
        e);
  }
}
