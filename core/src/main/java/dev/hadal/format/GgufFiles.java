package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF model: one file, or a split set ({@code name-00001-of-00003.gguf}) read as one. The first
 * part's metadata counts.
 *
 * @param totalBytes the size of all parts
 */
record GgufFiles(Path source, Map<String, Object> metadata, List<GgufFile> parts, long totalBytes) {
  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})(\\.gguf)");
  private static final int MOST_PARTS = 1024;

  /** Maps a file, and the other parts of its set, for as long as they stay mapped. */
  static GgufFiles open(Path path, MappedFiles mapped) {
    List<Path> paths = partsOf(path);
    List<GgufFile> parts = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < paths.size(); i++) {
      MemorySegment bytes = mapped.map(paths.get(i));
      GgufFile part = GgufFile.read(bytes, Json.fileName(paths.get(i)));
      checkPart(part, i, paths.size());
      parts.add(part);
      total += bytes.byteSize();
    }
    GgufFiles files = new GgufFiles(paths.get(0), parts.get(0).metadata(), parts, total);
    files.checkTensorCount();
    return files;
  }

  /** The tensors of all parts. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (GgufFile part : parts) {
      part.tensors()
          .forEach((name, tensor) -> {
            if (all.put(name, tensor) != null) {
              throw new FormatException(
                  part.name(), -1, "tensor '" + name + "' stands in an earlier part too");
            }
          });
    }
    return all;
  }

  String name() {
    return parts.get(0).name();
  }

  private static List<Path> partsOf(Path path) {
    Matcher name = PART.matcher(Json.fileName(path));
    if (!name.matches()) {
      return List.of(path);
    }
    int count = Integer.parseInt(name.group(3));
    if (count < 1 || count > MOST_PARTS) {
      return List.of(path); // a name that only looks like a part's
    }
    List<Path> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String part =
          String.format(Locale.ROOT, "%s-%05d-of-%05d%s", name.group(1), i, count, name.group(4));
      Path file = path.resolveSibling(part);
      if (!Files.exists(file)) {
        throw new FormatException(
            Json.fileName(path),
            -1,
            "this model has %d parts and '%s' is not beside it; download all parts"
                .formatted(count, part));
      }
      parts.add(file);
    }
    return parts;
  }

  private static void checkPart(GgufFile part, int index, int count) {
    long statedCount = number(part, "split.count", 1);
    if (statedCount == 0 && count == 1) {
      return;
    }
    if (statedCount != count) {
      throw new FormatException(
          part.name(),
          -1,
          "split.count is %d, the name says %d; parts are named NAME-00001-of-%05d.gguf and lie in one folder"
              .formatted(statedCount, count, Math.clamp(statedCount, 1, 99_999)));
    }
    long statedIndex = number(part, "split.no", 0);
    if (statedIndex != index) {
      throw new FormatException(
          part.name(),
          -1,
          "split.no is %d, the name says part %d; was the file renamed?"
              .formatted(statedIndex, index));
    }
  }

  private void checkTensorCount() {
    if (parts.size() == 1) {
      return;
    }
    long found = parts.stream().mapToLong(p -> p.tensors().size()).sum();
    long stated = number(parts.get(0), "split.tensors.count", found);
    if (stated != found) {
      throw new FormatException(
          name(),
          -1,
          "split.tensors.count is %d, the parts have %d; do they belong together?"
              .formatted(stated, found));
    }
  }

  private static long number(GgufFile file, String key, long absent) {
    Object value = file.metadata().get(key);
    if (value == null) {
      return absent;
    }
    if (!(value instanceof Long number)) {
      throw new FormatException(file.name(), -1, key + " is no whole number");
    }
    return number;
  }
}
