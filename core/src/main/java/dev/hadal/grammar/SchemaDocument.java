package dev.hadal.grammar;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A schema's own places by name: {@code $id}, {@code $anchor}, JSON pointers. Nothing is fetched.
 */
final class SchemaDocument {
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");

  private record Place(JsonNode node, String pointer) {}

  private final Map<String, Place> named = new HashMap<>();
  private final IdentityHashMap<JsonNode, String> bases = new IdentityHashMap<>();

  SchemaDocument(JsonNode root) {
    named.put("", new Place(root, "#"));
    index(root, "#", "");
  }

  private void index(JsonNode node, String pointer, String base) {
    if (node.isObject()) {
      String own = base;
      if (node.path("$id").isString()) {
        String id = node.path("$id").stringValue();
        own = withoutFragment(resolve(base, id));
        named.putIfAbsent(own, new Place(node, pointer));
        if (id.startsWith("#")) {
          named.putIfAbsent(own + id, new Place(node, pointer));
        }
      }
      bases.put(node, own);
      for (String anchor : new String[] {"$anchor", "$dynamicAnchor"}) {
        if (node.path(anchor).isString()) {
          named.putIfAbsent(own + "#" + node.path(anchor).stringValue(), new Place(node, pointer));
        }
      }
      String inner = own;
      node.properties()
          .forEach(p -> {
            if (!DATA.contains(p.getKey())) {
              index(p.getValue(), step(pointer, p.getKey()), inner);
            }
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        index(node.get(i), step(pointer, Integer.toString(i)), base);
      }
    }
  }

  private static String step(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private static String withoutFragment(String uri) {
    return uri.contains("#") ? uri.substring(0, uri.indexOf('#')) : uri;
  }

  private static String resolve(String base, String reference) {
    if (reference.startsWith("#") || base.isEmpty()) {
      return reference.startsWith("#") ? base + reference : reference;
    }
    try {
      return URI.create(base).resolve(reference).toString();
    } catch (IllegalArgumentException notUri) {
      return reference;
    }
  }

  private String baseOf(JsonNode node, String otherwise) {
    return bases.getOrDefault(node, otherwise);
  }

  /** The schema that a {@code $ref} means. */
  Sub follow(Sub from) {
    JsonNode value = from.get("$ref");
    if (!value.isString()) {
      throw new UnsupportedSchemaException(
          "$ref", from.at("$ref"), "is no text; a reference is a URI");
    }
    String base = baseOf(from.schema(), from.base());
    String target = resolve(base, value.stringValue());
    int hash = target.indexOf('#');
    String document = withoutFragment(target);
    String fragment = hash < 0 ? "" : target.substring(hash + 1);
    Place place = named.get(document);
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      place = named.get(document + "#" + fragment);
    } else if (place != null && !fragment.isEmpty()) {
      place = walk(place, fragment).orElse(null);
    }
    if (place == null) {
      throw new UnsupportedSchemaException(
          "$ref",
          from.at("$ref"),
          "means '%s', which is not in this schema; put it under $defs, nothing is fetched"
              .formatted(value.stringValue()));
    }
    return new Sub(
        place.node, place.pointer, baseOf(place.node, document), from.extras(), Set.of());
  }

  private static Optional<Place> walk(Place from, String pointer) {
    JsonNode node = from.node;
    String at = from.pointer;
    for (String raw : pointer.substring(1).split("/", -1)) {
      String key =
          URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8)
              .replace("~1", "/")
              .replace("~0", "~");
      JsonNode next =
          node.isArray() && key.matches("[0-9]{1,9}")
              ? node.path(Integer.parseInt(key))
              : node.path(key);
      if (next.isMissingNode()) {
        return Optional.empty();
      }
      node = next;
      at = step(at, key);
    }
    return Optional.of(new Place(node, at));
  }
}
