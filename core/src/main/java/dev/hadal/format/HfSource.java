package dev.hadal.format;

import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Hugging Face folder as GGUF has it: experts stacked, rotated rows in the order of the
 * architecture, DeepSeek's up-projection split by head. Source: {@code conversion/} of llama.cpp.
 */
final class HfSource {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,5})\\.(.*)");

  private final Checkpoint in;
  private final Config config;
  private final List<GgufSource.Entry> entries = new ArrayList<>();
  private final Map<String, TreeMap<Integer, String>> stacks = new LinkedHashMap<>();

  private HfSource(Checkpoint in) {
    this.in = in;
    this.config = in.config();
  }

  static GgufSource of(Checkpoint in) {
    GgufMetadata metadata = HfMetadata.of(in);
    HfSource source = new HfSource(in);
    source.addAll();
    return new GgufSource(metadata, source.config, source.entries);
  }

  private void addAll() {
    for (String name : in.names()) {
      boolean ignored =
          isBeyondLastLayer(name)
              || name.equals("lm_head.weight") && config.tieWordEmbeddings()
              || name.endsWith(".rotary_emb.inv_freq");
      if (!ignored) {
        add(name);
      }
    }
    stacks.forEach((name, experts) -> entries.add(stacked(name, experts)));
    if (!in.has("model.rope_freqs.weight")) {
      config.ropeScaling().filter(s -> s.type().equals("llama3")).ifPresent(this::addFrequencies);
    }
  }

  /** Multi-token prediction modules, which llama.cpp does not load for these architectures. */
  private boolean isBeyondLastLayer(String name) {
    Matcher layer = LAYER.matcher(name);
    return layer.matches() && Integer.parseInt(layer.group(1)) >= config.numHiddenLayers();
  }

  private void add(String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      Matcher expert = GgufNames.EXPERT.matcher(layer.group(2));
      if (expert.matches()) {
        stacks
            .computeIfAbsent(gguf(name), k -> new TreeMap<>())
            .put(Integer.parseInt(expert.group(1)), name);
        return;
      }
    }
    int[] shape = in.shape(name);
    if (name.endsWith(".kv_b_proj.weight")) {
      addSplit(name, shape);
      return;
    }
    String gguf = gguf(name);
    boolean query = name.contains(".self_attn.q_proj.");
    boolean key = name.contains(".self_attn.k_proj.");
    if ((query || key) && HfMetadata.isSideBySide(config) && !config.ropeInterleave()) {
      int heads = query ? config.numAttentionHeads() : config.numKeyValueHeads();
      entries.add(
          GgufSource.Entry.of(gguf, RotaryRows.sideBySide(in.rows(name), shape, heads), shape));
    } else if (name.endsWith(".shared_expert_gate.weight") && shape.length == 2) {
      entries.add(GgufSource.Entry.of(gguf, in.rows(name), shape[1]));
    } else if (in.isMapped()) {
      entries.add(GgufSource.Entry.of(gguf, in.tensor(name)));
    } else {
      entries.add(GgufSource.Entry.of(gguf, in.rows(name), shape));
    }
  }

  private String gguf(String name) {
    return GgufNames.toGguf(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the tensor '%s' has no place in a GGUF file of a %s model"
                    .formatted(name, config.modelType())));
  }

  private GgufSource.Entry stacked(String name, SortedMap<Integer, String> byNumber) {
    int count = config.numExperts();
    if (byNumber.size() != count || byNumber.lastKey() != count - 1) {
      throw new FormatException(
          config.source(),
          -1,
          "there are %d experts of '%s', the configuration says %d"
              .formatted(byNumber.size(), name, count));
    }
    List<String> names = List.copyOf(byNumber.values());
    int[] shape = in.shape(names.get(0));
    List<OutputTensor.Rows> experts = new ArrayList<>();
    for (String expert : names) {
      if (!Arrays.equals(in.shape(expert), shape)) {
        throw new FormatException(
            config.source(), -1, "the experts of '" + name + "' differ in shape: " + expert);
      }
      experts.add(in.rows(expert));
    }
    int rows = shape[0];
    int columns = shape[1];
    return GgufSource.Entry.of(
        name,
        (first, n, dst) -> {
          float[] values = new float[columns];
          for (int i = 0; i < n; i++) {
            int row = first + i;
            experts.get(row / rows).read(row % rows, 1, values);
            System.arraycopy(values, 0, dst, i * columns, columns);
          }
        },
        count,
        rows,
        columns);
  }

  /** kv_b (H (n + v), C) as k_b (H, C, n), turned round, and v_b (H, v, C). */
  private void addSplit(String name, int[] shape) {
    int heads = config.numAttentionHeads();
    int n = config.qkNopeHeadDim();
    int v = config.vHeadDim();
    int rank = config.kvLoraRank();
    if (!Arrays.equals(shape, new int[] {heads * (n + v), rank})) {
      throw new FormatException(
          config.source(),
          -1,
          "tensor '%s' is %s, %d heads of %d + %d numbers and a rank of %d are expected"
              .formatted(name, Arrays.toString(shape), heads, n, v, rank));
    }
    OutputTensor.Rows kv = in.rows(name);
    String block = gguf(name).replace("attn_kv_b.weight", "");
    entries.add(
        GgufSource.Entry.of(
            block + "attn_k_b.weight",
            (first, count, dst) -> LatentHeads.keyRows(kv, n, n + v, rank, first, count, dst),
            heads,
            rank,
            n));
    entries.add(
        GgufSource.Entry.of(
            block + "attn_v_b.weight",
            (first, count, dst) -> {
              float[] values = new float[rank];
              for (int i = 0; i < count; i++) {
                int row = first + i;
                kv.read(row / v * (n + v) + n + row % v, 1, values);
                System.arraycopy(values, 0, dst, i * rank, rank);
              }
            },
            heads,
            v,
            rank));
  }

  private void addFrequencies(RopeScaling scaling) {
    float[] divisors = Llama3Frequencies.divisors(config.ropeTheta(), config.headDim(), scaling);
    entries.add(GgufSource.Entry.of("rope_freqs.weight", Tensor.of(divisors, divisors.length)));
  }
}
