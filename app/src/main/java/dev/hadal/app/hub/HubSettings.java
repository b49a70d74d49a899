package dev.hadal.app.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and where they are kept, by the variables that other tools of the field
 * know.
 *
 * @param huggingFace its address, or a mirror's ({@code HF_ENDPOINT})
 * @param token Hugging Face's ({@code HF_TOKEN}, or the file that its login leaves)
 * @param modelScope its address ({@code MODELSCOPE_DOMAIN})
 * @param modelScopeToken {@code MODELSCOPE_API_TOKEN}
 * @param ollama the registry of Ollama's models
 * @param hubCache Hugging Face's cache ({@code HF_HUB_CACHE}, {@code HF_HOME}), shared with others
 * @param ownCache the cache of what comes from elsewhere
 * @param ollamaModels what Ollama keeps here itself ({@code OLLAMA_MODELS})
 * @param offline nothing is asked of the network ({@code HF_HUB_OFFLINE})
 * @param proxies {@code http_proxy}, {@code https_proxy}, {@code no_proxy}
 */
public record HubSettings(
    URI huggingFace,
    Optional<Secret> token,
    URI modelScope,
    Optional<Secret> modelScopeToken,
    URI ollama,
    Path hubCache,
    Path ownCache,
    Path ollamaModels,
    boolean offline,
    Proxies proxies) {
  private static final Set<String> YES = Set.of("1", "true", "yes", "on");

  /**
   * What an environment says.
   *
   * @param home the person's folder
   * @param ownCache where this program keeps what can be fetched again
   */
  public static HubSettings of(Map<String, String> environment, Path home, Path ownCache) {
    Variables vars = new Variables(environment, home);
    Path cacheHome = vars.path("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    Path hfHome = vars.path("HF_HOME").orElse(cacheHome.resolve("huggingface"));
    return new HubSettings(
        vars.uri("HF_ENDPOINT", "https://huggingface.co"),
        vars.secret("HF_TOKEN")
            .or(() -> vars.secret("HUGGING_FACE_HUB_TOKEN"))
            .or(() -> secret(vars.path("HF_TOKEN_PATH").orElse(hfHome.resolve("token")))),
        vars.uri("MODELSCOPE_DOMAIN", "https://www.modelscope.cn"),
        vars.secret("MODELSCOPE_API_TOKEN"),
        URI.create("https://registry.ollama.ai"),
        vars.path("HF_HUB_CACHE")
            .or(() -> vars.path("HUGGINGFACE_HUB_CACHE"))
            .orElse(hfHome.resolve("hub")),
        ownCache,
        vars.path("OLLAMA_MODELS").orElse(home.resolve(".ollama").resolve("models")),
        vars.isSet("HF_HUB_OFFLINE") || vars.isSet("TRANSFORMERS_OFFLINE"),
        Proxies.of(environment));
  }

  /** The same, without the network. */
  public HubSettings withoutNetwork() {
    return new HubSettings(
        huggingFace,
        token,
        modelScope,
        modelScopeToken,
        ollama,
        hubCache,
        ownCache,
        ollamaModels,
        true,
        proxies);
  }

  /** The cache that keeps what comes from there. */
  Path cache(ModelName name) {
    boolean shared = name instanceof ModelName.Repository repo && repo.site() == Site.HUGGING_FACE;
    return shared ? hubCache : ownCache;
  }

  private static Optional<Secret> secret(Path file) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      String token = Files.readString(file).strip();
      return token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token, file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot read the token in it", e);
    }
  }

  private record Variables(Map<String, String> environment, Path home) {
    private Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(v -> !v.isEmpty());
    }

    private boolean isSet(String name) {
      return text(name).filter(v -> YES.contains(v.toLowerCase(Locale.ROOT))).isPresent();
    }

    private Optional<Secret> secret(String name) {
      return text(name).map(v -> new Secret(v, name));
    }

    private Optional<Path> path(String name) {
      return text(name)
          .map(v -> v.equals("~") || v.startsWith("~/") ? home + v.substring(1) : v)
          .map(Path::of);
    }

    private URI uri(String name, String otherwise) {
      String given = text(name).orElse(otherwise);
      String address = given.contains("://") ? given : "https://" + given;
      try {
        URI uri = URI.create(address.replaceFirst("/+$", ""));
        if (uri.getHost() != null) {
          return uri;
        }
      } catch (IllegalArgumentException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          name + " is '" + given + "'; expected an address such as " + otherwise);
    }
  }
}
