package dev.hadal.app.hub;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Hugging Face, or a mirror of it. Source: its Hub API endpoints, {@code /api/models}. */
final class HuggingFace implements Source {
  private final Http http;
  private final URI endpoint;
  private final Optional<Secret> token;
  private final ModelName.Repository name;

  HuggingFace(Http http, HubSettings settings, ModelName.Repository name) {
    this.http = http;
    this.endpoint = settings.huggingFace();
    this.token = settings.token();
    this.name = name;
  }

  @Override
  public Listing list() throws IOException {
    URI api =
        URI.create(
            Source.below(endpoint, "api/models/" + name.id() + "/revision", "")
                + "/"
                + Source.encoded(name.revision())
                + "?blobs=true");
    JsonNode answer = http.json(api, token, Map.of());
    String commit = answer.path("sha").asString("");
    if (commit.isEmpty() || !answer.path("siblings").isArray()) {
      throw new HubException(
          "%s answers for %s without a commit or files; is HF_ENDPOINT a hub's address?"
              .formatted(endpoint, name.id()));
    }
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode sibling : answer.path("siblings")) {
      String path = sibling.path("rfilename").asString("");
      if (!NameSyntax.isRelativePath(path)) {
        continue; // no file of a model is named so
      }
      JsonNode lfs = sibling.path("lfs");
      String stated = lfs.path("sha256").asString(sibling.path("blobId").asString(""));
      files.add(
          new RemoteFile(
              path,
              sibling.path("size").asLong(-1),
              RemoteFile.checksum(stated),
              Source.below(endpoint, name.id() + "/resolve/" + commit + "/" + path, ""),
              token));
    }
    return new Listing(commit, files);
  }

  @Override
  public HubException explain(StatusException e) {
    String repo = "hf.co/" + name.id();
    String page = endpoint + "/" + name.id();
    String tokens = endpoint + "/settings/tokens";
    if (!Http.isSameOrigin(endpoint, e.uri())) {
      return Source.trouble(repo, e); // where the contents are, nobody knows of tokens
    }
    if (e.code().equals("GatedRepo")) {
      return new HubException(
          token.isEmpty()
              ? "%s is gated: accept its terms at %s, then set HF_TOKEN to a token from %s"
                  .formatted(repo, page, tokens)
              : "%s is gated, and the account of the token from %s was not let in; ask for access at %s"
                  .formatted(repo, token.get().source(), page),
          e);
    }
    if (e.code().equals("RevisionNotFound")) {
      return new HubException(
          "%s has no revision '%s'; %s/tree/main shows its branches"
              .formatted(repo, name.revision(), page),
          e);
    }
    boolean missing = e.status() == 404 || e.code().equals("RepoNotFound");
    if (missing || (e.status() == 401 && token.isEmpty())) {
      return new HubException(
          "there is no repository %s, or it is private; is the name right? A private one needs HF_TOKEN%s"
              .formatted(
                  repo,
                  token.map(t -> " of who may read it (now from " + t.source() + ")").orElse("")),
          e);
    }
    if (e.status() == 401 || e.status() == 403) {
      return new HubException(
          token.isEmpty()
              ? "%s: %s does not let everybody in; set HF_TOKEN to a token from %s"
                  .formatted(repo, endpoint.getHost(), tokens)
              : "%s: %s refuses the token from %s; make a new one at %s that may read repositories"
                  .formatted(repo, endpoint.getHost(), token.get().source(), tokens),
          e);
    }
    return Source.trouble(repo, e);
  }
}
