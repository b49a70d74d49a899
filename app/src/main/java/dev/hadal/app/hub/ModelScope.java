package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** ModelScope. Source: its hub's API, {@code /api/v1/models/ORG/REPO/repo}. */
final class ModelScope implements Source {
  private final Http http;
  private final URI endpoint;
  private final Optional<Secret> token;
  private final ModelName.Repository name;

  ModelScope(Http http, HubSettings settings, ModelName.Repository name) {
    this.http = http;
    this.endpoint = settings.modelScope();
    this.token = settings.modelScopeToken();
    this.name = name;
  }

  @Override
  public Listing list() throws IOException {
    String repo = "api/v1/models/" + name.id() + "/repo";
    String revision = "Revision=" + Source.encoded(name.revision());
    JsonNode answer =
        http.json(
            Source.below(endpoint, repo + "/files", revision + "&Recursive=true"), token, Map.of());
    JsonNode listed = answer.path("Data").path("Files");
    if (!listed.isArray()) {
      throw new HubException(
          "modelscope.cn/%s: no files are listed (%s); are repository and revision right?"
              .formatted(name.id(), answer.path("Message").asString("no reason is given")));
    }
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode file : listed) {
      String path = file.path("Path").asString("");
      if (file.path("Type").asString("").equals("tree") || !NameSyntax.isRelativePath(path)) {
        continue;
      }
      files.add(
          new RemoteFile(
              path,
              file.path("Size").asLong(-1),
              RemoteFile.checksum(file.path("Sha256").asString("")),
              Source.below(endpoint, repo, revision + "&FilePath=" + Source.encoded(path)),
              token));
    }
    // A state has no name of its own there: what it holds names it.
    String state =
        files.stream()
            .sorted(Comparator.comparing(RemoteFile::path))
            .map(f -> f.path() + " " + f.size() + " " + f.checksum())
            .collect(Collectors.joining("\n"));
    return new Listing(Checksums.sha256(state.getBytes(UTF_8)).substring(0, 40), files);
  }

  @Override
  public HubException explain(StatusException e) {
    String repo = "modelscope.cn/" + name.id();
    if (e.status() == 404) {
      return new HubException(
          "there is no repository %s with a revision '%s'; is the name right?"
              .formatted(repo, name.revision()),
          e);
    }
    if (e.status() == 401 || e.status() == 403) {
      return new HubException(
          "%s is not for everybody; set MODELSCOPE_API_TOKEN to a token of who may read it"
              .formatted(repo),
          e);
    }
    return Source.trouble(repo, e);
  }
}
