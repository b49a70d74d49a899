package dev.hadal.app.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One way in which a repository offers its model: a GGUF file in one quantisation, whole or in
 * parts, or the folder of safetensors.
 *
 * @param label the quantisation, or the file's name where none is in it; empty for safetensors
 * @param files paths in the repository, the first part first
 */
record Variant(String label, List<String> files) {
  private static final Pattern PART = Pattern.compile("-(\\d{5})-of-(\\d{5})\\.gguf$");
  private static final Pattern QUANTISATION =
      Pattern.compile(
          "(?i)(?<=^|[-._/])((?:UD-)?(?:I?Q\\d(?:_[A-Z0-9]+)*|TQ\\d_\\d|MXFP4(?:_MOE)?|BF16|FP?16|FP?32))"
              + "(?=$|[-._/])");
  private static final List<String> USUAL =
      List.of("Q4_K_M", "UD-Q4_K_XL", "Q4_K_S", "Q4_0", "Q5_K_M", "Q6_K", "Q8_0", "F16", "BF16");
  private static final Set<String> BESIDE_WEIGHTS =
      Set.of("json", "jinja", "txt", "model", "tiktoken");

  /** The choices among a repository's files, in the order of their names. */
  static List<Variant> among(Collection<String> paths) {
    Map<String, List<String>> groups = new TreeMap<>();
    for (String path : paths) {
      String file = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      // Projectors of images and statistics of quantisation are GGUF files too, but no models.
      if (file.endsWith(".gguf") && !file.startsWith("mmproj") && !file.contains("imatrix")) {
        groups
            .computeIfAbsent(PART.matcher(path).replaceFirst(".gguf"), p -> new ArrayList<>())
            .add(path);
      }
    }
    List<Variant> variants = new ArrayList<>();
    groups.forEach((path, files) -> variants.add(new Variant(label(path), sorted(files))));
    if (variants.isEmpty()) {
      List<String> folder = weightsFolder(paths);
      if (!folder.isEmpty()) {
        variants.add(new Variant("", folder));
      }
    }
    return variants;
  }

  private static List<String> sorted(List<String> files) {
    return files.stream().sorted().toList();
  }

  private static String label(String path) {
    String stem = path.substring(0, path.length() - ".gguf".length());
    Matcher matcher = QUANTISATION.matcher(stem);
    String found = "";
    while (matcher.find()) {
      found = matcher.group(1).toUpperCase(Locale.ROOT);
    }
    return found.isEmpty() ? path.substring(path.lastIndexOf('/') + 1) : found;
  }

  private static List<String> weightsFolder(Collection<String> paths) {
    List<String> files =
        paths.stream().filter(p -> !p.contains("/")).filter(Variant::isOfFolder).sorted().toList();
    boolean whole =
        files.contains("config.json") && files.stream().anyMatch(f -> f.endsWith(".safetensors"));
    return whole ? files : List.of();
  }

  private static boolean isOfFolder(String file) {
    String ending = file.substring(file.lastIndexOf('.') + 1);
    return ending.equals("safetensors")
        ? !file.startsWith("consolidated") // the same weights once more, in their authors' names
        : BESIDE_WEIGHTS.contains(ending);
  }

  /** Whether a person who types this means this variant. */
  boolean isMeantBy(String selector) {
    String first = files.getFirst();
    return files.contains(selector)
        || first.endsWith("/" + selector)
        || label.equalsIgnoreCase(selector)
        || label.equalsIgnoreCase("UD-" + selector)
        || label.equalsIgnoreCase(selector + ".gguf");
  }

  /** Whether all parts of a split file are among the files. */
  boolean isWhole() {
    Matcher part = PART.matcher(files.getFirst());
    return !part.find() || Integer.parseInt(part.group(2)) == files.size();
  }

  /**
   * The variant that is meant.
   *
   * @param name what the files belong to, for messages
   * @param selector as a person typed it; empty for the usual one
   * @throws IllegalArgumentException if none is, or several are; the message says what is there
   */
  static Variant choose(String name, Collection<String> paths, String selector) {
    List<Variant> variants = among(paths);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + " has neither a .gguf file nor config.json with *.safetensors"
              + listed("; it has ", paths)
              + "; look for a repository of it whose name ends in -GGUF");
    }
    if (selector.isEmpty()) {
      return usual(variants);
    }
    List<Variant> exact =
        variants.stream().filter(v -> v.label.equalsIgnoreCase(selector)).toList();
    List<Variant> meant =
        exact.size() == 1 ? exact : variants.stream().filter(v -> v.isMeantBy(selector)).toList();
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    List<String> labels = variants.stream().map(Variant::label).toList();
    if (meant.size() > 1) {
      throw new IllegalArgumentException(
          "%s has several files of %s: %s; name one of them after the ':'"
              .formatted(
                  name,
                  selector,
                  meant.stream().map(v -> v.files.getFirst()).collect(Collectors.joining(", "))));
    }
    if (labels.equals(List.of(""))) {
      throw new IllegalArgumentException(
          "%s has safetensors, not '%s'; take it without ':%s', 'hadal quantize' makes it smaller"
              .formatted(name, selector, selector));
    }
    throw new IllegalArgumentException(
        "%s has no '%s'; nearest: %s%s"
            .formatted(
                name,
                selector,
                String.join(", ", Spelling.nearest(selector, labels)),
                labels.size() > 3 ? listed("; all: ", labels) : ""));
  }

  private static Variant usual(List<Variant> variants) {
    for (String label : USUAL) {
      for (Variant variant : variants) {
        if (variant.label.equals(label)) {
          return variant;
        }
      }
    }
    return variants.getFirst();
  }

  private static String listed(String opening, Collection<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String first = names.stream().limit(24).collect(Collectors.joining(", "));
    return opening + first + (names.size() > 24 ? ", ..." : "");
  }
}
