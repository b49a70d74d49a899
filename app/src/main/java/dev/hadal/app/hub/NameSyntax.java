package dev.hadal.app.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How names of models are written. */
final class NameSyntax {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern URL = Pattern.compile("(?i)(https?)://(.*)");

  private static final Map<String, Site> PREFIXES =
      Map.ofEntries(
          Map.entry("hf.co/", Site.HUGGING_FACE),
          Map.entry("huggingface.co/", Site.HUGGING_FACE),
          Map.entry("www.huggingface.co/", Site.HUGGING_FACE),
          Map.entry("hf:", Site.HUGGING_FACE),
          Map.entry("modelscope.cn/", Site.MODELSCOPE),
          Map.entry("www.modelscope.cn/", Site.MODELSCOPE),
          Map.entry("ms:", Site.MODELSCOPE),
          Map.entry("ollama.com/", Site.OLLAMA),
          Map.entry("registry.ollama.ai/", Site.OLLAMA),
          Map.entry("ollama:", Site.OLLAMA));

  /** Where a web page's address has the kind of page, and after it a revision. */
  private static final List<String> PAGES = List.of("tree", "blob", "resolve", "raw", "file");

  private NameSyntax() {}

  static Optional<ModelName> parse(String text) {
    Matcher url = URL.matcher(text);
    String rest = url.matches() ? url.group(2) : text;
    String lower = rest.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, Site> prefix : PREFIXES.entrySet()) {
      if (lower.startsWith(prefix.getKey())) {
        String id = rest.substring(prefix.getKey().length()).replaceFirst("^/+", "");
        return Optional.of(repository(prefix.getValue(), url.matches() ? page(id) : id));
      }
    }
    if (url.matches()) {
      return Optional.of(link(text));
    }
    String id = before(rest, ':');
    boolean plain =
        !rest.contains("\\")
            && List.of(id.split("/", -1)).stream().allMatch(p -> isPlainName(before(p, '@')));
    if (!plain) {
      return Optional.empty();
    }
    return Optional.of(repository(id.contains("/") ? Site.HUGGING_FACE : Site.OLLAMA, rest));
  }

  private static ModelName repository(Site site, String text) {
    String id = before(text, ':');
    String selector = text.substring(Math.min(text.length(), id.length() + 1));
    if (site == Site.OLLAMA) {
      String full = id.contains("/") ? id : "library/" + id;
      return new ModelName.Repository(site, full, selector.isEmpty() ? "latest" : selector, "");
    }
    List<String> parts = List.of(id.split("/", -1));
    if (site == Site.MODELSCOPE && parts.getFirst().equals("models")) {
      parts = parts.subList(1, parts.size());
    }
    if (site == Site.MODELSCOPE && parts.size() < 2) {
      throw new IllegalArgumentException(
          "'" + text + "' names no repository; expected " + site.prefix() + "ORG/REPO");
    }
    String repo = String.join("/", parts.subList(0, Math.min(2, parts.size())));
    String named = repo.contains("@") ? repo.substring(repo.indexOf('@') + 1) : "";
    String revision = named.isEmpty() ? site.defaultRevision() : named;
    List<String> tail = parts.subList(Math.min(2, parts.size()), parts.size());
    if (tail.size() > 1 && PAGES.contains(tail.getFirst())) {
      revision = tail.get(1);
      tail = tail.subList(2, tail.size());
    } else if (tail.size() == 1 && tail.getFirst().equals("files")) {
      tail = List.of();
    }
    String file = String.join("/", tail);
    return new ModelName.Repository(
        site, before(repo, '@'), revision, selector.isEmpty() ? file : selector);
  }

  /** A page's address without its query, its fragment and its last slash. */
  private static String page(String address) {
    return before(before(address, '?'), '#').replaceFirst("/+$", "");
  }

  private static ModelName link(String text) {
    try {
      ModelName.Link link = new ModelName.Link(new URI(text));
      if (link.uri().getHost() != null && isRelativePath(link.file())) {
        return link;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no file's URL; expected one such as https://HOST/PATH/model.gguf");
  }

  private static String before(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }

  /** A name that is one folder or file and nothing else, on every system. */
  static boolean isPlainName(String name) {
    return PLAIN.matcher(name).matches() && !name.contains("..") && !name.contains("--");
  }

  /** A path that stays below where it begins. Names come from others: nothing else is opened. */
  static boolean isRelativePath(String path) {
    for (String part : path.split("/", -1)) {
      boolean outside = part.isEmpty() || part.equals(".") || part.equals("..");
      if (outside || part.chars().anyMatch(c -> c == '\\' || c == ':' || c < ' ')) {
        return false;
      }
    }
    return true;
  }
}
