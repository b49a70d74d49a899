package dev.hadal;

import dev.hadal.format.Checkpoint;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/** What tells a checkpoint from another without reading all of it. */
final class Fingerprint {
  private static final int BYTES = 64; // of each tensor

  private Fingerprint() {}

  /** Over names, types, shapes and the first numbers of all tensors. */
  static String of(Checkpoint checkpoint) {
    MessageDigest digest = sha256();
    for (String name : new TreeSet<>(checkpoint.names())) {
      Tensor tensor = checkpoint.tensor(name);
      digest.update((name + tensor).getBytes(StandardCharsets.UTF_8));
      long bytes = Math.min(BYTES, tensor.data().byteSize());
      digest.update(tensor.data().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
