package dev.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every back end must compute: each kernel beside {@code reference}, over shapes that reach
 * the tails of vectors, tiles and blocks. A back end's own test says only which one it is.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KernelsContract {
  /** Largest difference, as a share of the largest number that the reference gives. */
  private static final double TOLERANCE = 2e-5;

  private static final int[] TOKENS = {1, 2, 7, 65};
  private static final int[] TAILS = {1, 7, 13, 64, 257};

  private final Backend reference = Backends.named("reference", 1);
  private Backend tested;

  /**
   * Largest difference of a product with weights of {@code type}: more for a back end that rounds
   * activations, which its own test then holds to the rounded ones.
   */
  protected double tolerance(DType type) {
    return TOLERANCE;
  }

  /** The back end under test; closed after its tests. */
  protected abstract Backend backend();

  @BeforeAll
  protected void open() {
    tested = backend();
  }

  @AfterAll
  protected void close() {
    tested.close();
    reference.close();
  }

  /** Types that weights come in. */
  static Stream<DType> weightTypes() {
    return Arrays.stream(DType.values()).filter(type -> type != DType.I32);
  }

  @ParameterizedTest
  @MethodSource("weightTypes")
  void embedReadsRows(DType type) {
    int[] tokens = {3, 0, 12, 12, 7, 1, 2};
    for (int columns : columns(type)) {
      Tensor table = Samples.weights(type, 1, 13, columns);
      agree(
          (kernels, out) -> kernels.embed(out, table, tokens),
          new int[] {tokens.length, columns},
          "embed " + table);
    }
  }

  @ParameterizedTest
  @MethodSource("weightTypes")
  protected void linearMultipliesRows(DType type) {
    for (int inputs : columns(type)) {
      for (int outputs : new int[] {1, 3, 13, 65}) {
        Tensor w_OI = Samples.weights(type, inputs, outputs, inputs);
        Tensor bias = outputs == 13 ? Samples.activations(9, outputs) : null;
        for (int tokens : TOKENS) {
          Tensor x_TI = Samples.activations(tokens, tokens, inputs);
          agreeSums(
              (kernels, out) -> kernels.linear(out, x_TI, w_OI, bias),
              w_OI.dim(1),
              new int[] {tokens, outputs},
              tolerance(type),
              "linear " + x_TI + " x " + w_OI);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 16, 33, 200})
  void linearCrossesItsTiles(int tokens) {
    for (DType type : List.of(DType.F32, DType.F16, DType.Q8_0, DType.Q4_K, DType.Q6_K)) {
      Tensor w_OI = Samples.weights(type, 3, 150, 1536);
      Tensor x_TI = Samples.activations(4, tokens, 1536);
      agreeSums(
          (kernels, out) -> kernels.linear(out, x_TI, w_OI, null),
          w_OI.dim(1),
          new int[] {tokens, 150},
          tolerance(type),
          "linear " + x_TI + " x " + w_OI);
    }
  }

  @Test
  void linearAppliesBlockScales() {
    Tensor w_OI = Samples.weights(DType.F8_E4M3, 5, 257, 300);
    for (int tokens : TOKENS) {
      Tensor x_TI = Samples.activations(6, tokens, 300);
      agreeSums(
          (kernels, out) -> kernels.linear(out, x_TI, w_OI, null),
          w_OI.dim(1),
          new int[] {tokens, 257},
          "linear " + x_TI + " x " + w_OI);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "Q8_0", "Q4_K"})
  void aRowIsTheSameAloneAndInABatch(DType type) {
    int inputs = 512;
    Tensor w_OI = Samples.weights(type, 7, 40, inputs);
    Tensor x_TI = Samples.activations(8, 33, inputs);
    Tensor together = out(33, 40);
    tested.kernels().linear(together, x_TI, w_OI, null);
    for (int t = 0; t < 33; t++) {
      Tensor alone = out(1, 40);
      tested.kernels().linear(alone, x_TI.rows(t, t + 1), w_OI, null);
      assertClose(alone, together.rows(t, t + 1), TOLERANCE, type + " row " + t);
    }
  }

  @ParameterizedTest
  @MethodSource("plainShapes")
  void concatPutsRowsSideBySide(int tokens, int width) {
    Tensor a = Samples.activations(1, tokens, width);
    Tensor b = Samples.activations(2, tokens, 3);
    agree((kernels, out) -> kernels.concat(out, a, b), new int[] {tokens, width + 3}, "concat");
  }

  @ParameterizedTest
  @MethodSource("plainShapes")
  void rowsAndColumnsCopy(int tokens, int width) {
    Tensor x = Samples.activations(1, tokens, width);
    int[] rows = {tokens - 1, 0, tokens / 2, tokens - 1};
    agree((kernels, out) -> kernels.rows(out, x, rows), new int[] {rows.length, width}, "rows");
    int from = width / 3;
    int count = width - from;
    agree((kernels, out) -> kernels.columns(out, x, from), new int[] {tokens, count}, "columns");
    agree((kernels, out) -> kernels.columns(out, x, 0), new int[] {tokens, 1}, "first column");
  }

  @ParameterizedTest
  @MethodSource("plainShapes")
  void addsAlsoInPlace(int tokens, int width) {
    Tensor a = Samples.activations(1, tokens, width);
    Tensor b = Samples.activations(2, tokens, width);
    Tensor gate = Samples.activations(3, tokens);
    int[] shape = {tokens, width};
    agree((kernels, out) -> kernels.add(out, a, b), shape, "add");
    agreeInPlace((kernels, out) -> kernels.add(out, out, b), a, "add in place of a");
    agreeInPlace((kernels, out) -> kernels.add(out, a, out), b, "add in place of b");
    agree((kernels, out) -> kernels.addGated(out, a, b, gate), shape, "addGated");
    agreeInPlace((kernels, out) -> kernels.addGated(out, out, b, gate), a, "addGated for a");
    agreeInPlace((kernels, out) -> kernels.addGated(out, a, out, gate), b, "addGated for b");
  }

  @ParameterizedTest
  @MethodSource("plainShapes")
  void rmsNormNormsRowsAlsoInPlace(int tokens, int width) {
    Tensor x = Samples.activations(1, tokens, width);
    for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
      Tensor w = Samples.weights(type, 2, width);
      int[] shape = {tokens, width};
      agree((kernels, out) -> kernels.rmsNorm(out, x, w, 1e-6f), shape, "rmsNorm " + type);
      agreeInPlace((kernels, out) -> kernels.rmsNorm(out, out, w, 1e-2f), x, "rmsNorm in place");
    }
  }

  @Test
  void rmsNormNormsHeads() {
    Tensor x = Samples.activations(1, 7, 3, 64);
    Tensor w = Samples.weights(DType.F32, 2, 64);
    agree(
        (kernels, out) -> kernels.rmsNorm(out, x, w, 1e-6f), new int[] {7, 3, 64}, "rmsNorm heads");
  }

  @ParameterizedTest
  @MethodSource("plainShapes")
  void swigluGatesAlsoInPlaceAndFarOut(int tokens, int width) {
    Tensor gate = Samples.activations(1, tokens, width);
    Tensor up = Samples.activations(2, tokens, width);
    int[] shape = {tokens, width};
    agree((kernels, out) -> kernels.swiglu(out, gate, up), shape, "swiglu");
    agreeInPlace((kernels, out) -> kernels.swiglu(out, out, up), gate, "swiglu in place of gate");
    agreeInPlace((kernels, out) -> kernels.swiglu(out, gate, out), up, "swiglu in place of up");
    gate.set(0, -200);
    gate.set(gate.size() - 1, 200);
    agree((kernels, out) -> kernels.swiglu(out, gate, up), shape, "swiglu far out");
    gate.set(0, -200);
    gate.set(gate.size() - 1, -87.5f);
    agree((kernels, out) -> kernels.swiglu(out, gate, up), shape, "swiglu far below");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 64, 128})
  void ropeRotatesBothPairings(int rotated) {
    for (int tokens : TOKENS) {
      int[] positions = IntStream.range(0, tokens).map(t -> 3 * t * t + 1000).toArray();
      Tensor frequency = Samples.weights(DType.F32, 1, rotated / 2);
      int[] rotationsShape = {tokens, rotated};
      agree(
          (kernels, out) -> kernels.rotations(out, positions, frequency, 1.25f),
          rotationsShape,
          "rotations");
      Tensor rotations = out(rotationsShape);
      reference.kernels().rotations(rotations, positions, frequency, 1.25f);
      for (int offset : new int[] {0, 5}) {
        int headDim = offset + rotated + (offset == 0 ? 0 : 3);
        Tensor x = Samples.activations(2, tokens, 3, headDim);
        for (boolean interleaved : new boolean[] {false, true}) {
          String what = "rope " + rotated + " at " + offset + " interleaved " + interleaved;
          agree(
              (kernels, out) -> kernels.rope(out, x, rotations, offset, interleaved),
              new int[] {tokens, 3, headDim},
              what);
          agreeInPlace(
              (kernels, out) -> kernels.rope(out, out, rotations, offset, interleaved), x, what);
        }
      }
    }
  }

  /**
   * One attention call.
   *
   * @param spans pairs of past and new tokens, a sequence each
   */
  protected record AttentionCase(int heads, int kvHeads, int headDim, int window, int... spans) {
    @Override
    public String toString() {
      return heads
          + "/"
          + kvHeads
          + " heads of "
          + headDim
          + ", window "
          + window
          + ", spans "
          + Arrays.toString(spans);
    }
  }

  protected static List<AttentionCase> attentionCases() {
    return List.of(
        new AttentionCase(1, 1, 1, 0, 0, 1),
        new AttentionCase(3, 1, 7, 0, 0, 13),
        new AttentionCase(4, 2, 64, 0, 0, 65),
        new AttentionCase(4, 4, 13, 0, 64, 1, 0, 7, 257, 2),
        new AttentionCase(8, 2, 64, 0, 300, 1),
        new AttentionCase(14, 2, 64, 0, 1000, 1, 3, 1),
        new AttentionCase(6, 2, 32, 5, 70, 9, 0, 20),
        new AttentionCase(2, 1, 128, 64, 130, 70),
        new AttentionCase(2, 2, 16, 1, 5, 3),
        new AttentionCase(8, 1, 48, 0, 63, 130, 1, 1, 0, 1),
        new AttentionCase(5, 5, 257, 0, 10, 3));
  }

  @ParameterizedTest
  @MethodSource("attentionCases")
  protected void attentionSeesItsOwnPast(AttentionCase c) {
    int tokens = IntStream.range(0, c.spans.length / 2).map(i -> c.spans[2 * i + 1]).sum();
    List<Batch> batches = new ArrayList<>();
    for (Backend backend : List.of(reference, tested)) {
      List<CacheSpec> layers =
          List.of(
              new CacheSpec.Latent(3, 2), // a layer of another size before it
              new CacheSpec.Full(c.kvHeads, c.headDim));
      Paged paged = new Paged(layers, c.spans);
      int past = paged.past();
      if (past > 0) {
        reference
            .kernels()
            .attention(
                out(past, c.heads, c.headDim),
                Samples.activations(11, past, c.heads, c.headDim),
                Samples.activations(12, past, c.kvHeads, c.headDim),
                Samples.activations(13, past, c.kvHeads, c.headDim),
                1,
                paged.before(),
                1,
                0);
      }
      batches.add(paged.now());
      assertThat(backend.name()).isNotEmpty();
    }
    Tensor q = Samples.activations(14, tokens, c.heads, c.headDim);
    Tensor k = Samples.activations(15, tokens, c.kvHeads, c.headDim);
    Tensor v = Samples.activations(16, tokens, c.kvHeads, c.headDim);
    float scale = (float) (1 / Math.sqrt(c.headDim));
    agree(
        (kernels, out) ->
            kernels.attention(
                out,
                q,
                k,
                v,
                1,
                batches.get(kernels == reference.kernels() ? 0 : 1),
                scale,
                c.window),
        new int[] {tokens, c.heads, c.headDim},
        "attention " + c);
  }

  /** Numbers are rounded alike but where they lie halfway: 1 of 127 of a few keys and values. */
  @Test
  void attentionReadsACacheOfEightBits() {
    int[] spans = {70, 9, 0, 5, 130, 1};
    Batch[] batches = new Batch[2];
    for (int i = 0; i < 2; i++) {
      Paged paged = new Paged(DType.Q8_0, List.of(new CacheSpec.Full(2, 64)), spans);
      (i == 0 ? reference : tested)
          .kernels()
          .attention(
              out(paged.past(), 6, 64),
              Samples.activations(11, paged.past(), 6, 64),
              Samples.activations(12, paged.past(), 2, 64),
              Samples.activations(13, paged.past(), 2, 64),
              0,
              paged.before(),
              1,
              0);
      batches[i] = paged.now();
    }
    int tokens = batches[0].size();
    Tensor q = Samples.activations(14, tokens, 6, 64);
    Tensor k = Samples.activations(15, tokens, 2, 64);
    Tensor v = Samples.activations(16, tokens, 2, 64);
    agree(
        (kernels, out) ->
            kernels.attention(
                out, q, k, v, 0, batches[kernels == reference.kernels() ? 0 : 1], 0.125f, 0),
        new int[] {tokens, 6, 64},
        5e-3,
        "attention by eight bits");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void latentAttentionReadsACacheOfEightBits(boolean prompt) {
    LatentCase c =
        new LatentCase(DType.F32, 4, 64, 32, 32, 32, LatentCase.Layout.APART, 70, prompt ? 40 : 3);
    Batch[] batches = new Batch[2];
    for (int i = 0; i < 2; i++) {
      Paged paged = new Paged(DType.Q8_0, List.of(new CacheSpec.Latent(c.rank, c.rope)), c.spans);
      Kernels kernels = (i == 0 ? reference : tested).kernels();
      latent(c, kernels, out(paged.past(), c.heads, c.v), 0, paged.before(), 20);
      batches[i] = paged.now();
    }
    agree(
        (kernels, out) ->
            latent(c, kernels, out, 0, batches[kernels == reference.kernels() ? 0 : 1], 30),
        new int[] {batches[0].size(), c.heads, c.v},
        5e-3,
        "latent attention by eight bits");
  }

  @ParameterizedTest
  @MethodSource("attentionCases")
  void attentionWithoutACacheSeesItsSpan(AttentionCase c) {
    List<int[]> sequences =
        IntStream.range(0, c.spans.length / 2).mapToObj(i -> new int[c.spans[2 * i + 1]]).toList();
    Batch batch = Batch.packed(sequences);
    Tensor q = Samples.activations(14, batch.size(), c.heads, c.headDim);
    Tensor k = Samples.activations(15, batch.size(), c.kvHeads, c.headDim);
    Tensor v = Samples.activations(16, batch.size(), c.kvHeads, c.headDim);
    agree(
        (kernels, out) -> kernels.attention(out, q, k, v, 0, batch, 0.2f, c.window),
        new int[] {batch.size(), c.heads, c.headDim},
        "attention " + c);
  }

  @Test
  void attentionStandsLargeScores() {
    Batch batch = Batch.packed(List.of(new int[9], new int[70]));
    Tensor q = Samples.activations(14, 79, 4, 32);
    Tensor k = Samples.activations(15, 79, 2, 32);
    Tensor v = Samples.activations(16, 79, 2, 32);
    agree(
        (kernels, out) -> kernels.attention(out, q, k, v, 0, batch, 40f, 0),
        new int[] {79, 4, 32},
        1e-3, // scores of about a thousand: float steps of them are 1e-4
        "attention with large scores");
  }

  @Test
  void attentionInChunksEqualsTheWhole() {
    int tokens = 150;
    Tensor q = Samples.activations(1, tokens, 6, 40);
    Tensor k = Samples.activations(2, tokens, 2, 40);
    Tensor v = Samples.activations(3, tokens, 2, 40);
    List<CacheSpec> layers = List.of(new CacheSpec.Full(2, 40));
    Tensor whole = out(tokens, 6, 40);
    tested.kernels().attention(whole, q, k, v, 0, new Paged(layers, 0, tokens).now(), 0.1f, 0);
    Tensor chunked = out(tokens, 6, 40);
    Paged paged = new Paged(layers, 0, tokens);
    int from = 0;
    for (int length : new int[] {1, 63, 64, 20, 1, 1}) {
      tested
          .kernels()
          .attention(
              chunked.rows(from, from + length),
              q.rows(from, from + length),
              k.rows(from, from + length),
              v.rows(from, from + length),
              0,
              paged.chunk(from, length),
              0.1f,
              0);
      from += length;
    }
    assertClose(whole, chunked, TOLERANCE, "chunks");
  }

  /**
   * One latent attention call.
   *
   * @param layout how the matrices lie: apart, as views of one, or apart with K transposed
   */
  record LatentCase(
      DType type, int heads, int rank, int rope, int nope, int v, Layout layout, int... spans) {
    enum Layout {
      APART,
      VIEWS,
      TRANSPOSED
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s, %d heads, rank %d, rope %d, nope %d, v %d, %s, spans %s",
          type,
          heads,
          rank,
          rope,
          nope,
          v,
          layout,
          Arrays.toString(spans));
    }
  }

  static List<LatentCase> latentCases() {
    List<LatentCase> cases = new ArrayList<>();
    for (LatentCase.Layout layout : LatentCase.Layout.values()) {
      cases.add(new LatentCase(DType.F32, 3, 33, 6, 7, 13, layout, 0, 1));
      cases.add(new LatentCase(DType.F32, 3, 64, 8, 32, 24, layout, 0, 70, 30, 1));
      cases.add(new LatentCase(DType.F16, 16, 64, 16, 32, 32, layout, 65, 2, 0, 7));
      cases.add(new LatentCase(DType.BF16, 2, 128, 64, 128, 128, layout, 300, 1));
      cases.add(new LatentCase(DType.Q8_0, 4, 64, 8, 32, 32, layout, 1, 130));
      cases.add(new LatentCase(DType.Q8_0, 4, 64, 8, 64, 32, layout, 600, 1, 2, 1));
      cases.add(new LatentCase(DType.Q4_0, 2, 512, 64, 128, 128, layout, 20, 3));
    }
    cases.add(new LatentCase(DType.Q6_K, 2, 256, 8, 16, 16, LatentCase.Layout.VIEWS, 9, 40));
    cases.add(new LatentCase(DType.F32, 2, 65, 6, 10, 13, LatentCase.Layout.VIEWS, 0, 300));
    cases.add(
        new LatentCase(DType.Q8_0, 1, 64, 16, 32, 33, LatentCase.Layout.TRANSPOSED, 90, 300, 5, 2));
    cases.add(new LatentCase(DType.F16, 1, 32, 4, 3, 2, LatentCase.Layout.APART, 3, 1, 70, 530));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("latentCases")
  void latentAttentionSeesItsOwnPast(LatentCase c) {
    Batch[] batches = new Batch[2];
    for (int i = 0; i < 2; i++) {
      Paged paged =
          new Paged(
              List.of(new CacheSpec.Full(1, 3), new CacheSpec.Latent(c.rank, c.rope)), c.spans);
      if (paged.past() > 0) {
        latent(c, reference.kernels(), out(paged.past(), c.heads, c.v), 1, paged.before(), 20);
      }
      batches[i] = paged.now();
    }
    agree(
        (kernels, out) ->
            latent(c, kernels, out, 1, batches[kernels == reference.kernels() ? 0 : 1], 30),
        new int[] {batches[0].size(), c.heads, c.v},
        tolerance(c.type),
        "latent attention " + c);
  }

  @ParameterizedTest
  @MethodSource("latentCases")
  void latentAttentionWithoutACacheSeesItsSpan(LatentCase c) {
    Batch batch =
        Batch.packed(
            IntStream.range(0, c.spans.length / 2)
                .mapToObj(i -> new int[c.spans[2 * i + 1]])
                .toList());
    agree(
        (kernels, out) -> latent(c, kernels, out, 0, batch, 40),
        new int[] {batch.size(), c.heads, c.v},
        tolerance(c.type),
        "latent attention " + c);
  }

  private static void latent(
      LatentCase c, Kernels kernels, Tensor out, int layer, Batch batch, long seed) {
    int T = batch.size();
    boolean transposed = c.layout == LatentCase.Layout.TRANSPOSED;
    Tensor both = Samples.weights(c.type, 1, c.heads, c.nope + c.v, c.rank);
    Tensor k =
        switch (c.layout) {
          case APART -> Samples.weights(c.type, 2, c.heads, c.nope, c.rank);
          case VIEWS -> both.narrow(0, c.nope);
          case TRANSPOSED ->
              Samples.weights(
                  c.nope % c.type.blockSize() == 0 ? c.type : DType.F32,
                  3,
                  c.heads,
                  c.rank,
                  c.nope);
        };
    Tensor v =
        c.layout == LatentCase.Layout.VIEWS
            ? both.narrow(c.nope, c.nope + c.v)
            : Samples.weights(c.type, 4, c.heads, c.v, c.rank);
    kernels.latentAttention(
        out,
        Samples.activations(seed, T, c.heads, c.nope + c.rope),
        Samples.activations(seed + 1, T, c.rank),
        Samples.activations(seed + 2, T, c.rope),
        k,
        transposed,
        v,
        layer,
        batch,
        (float) (0.3 / Math.sqrt((double) c.rank * c.nope)));
  }

  static List<Routing> routings() {
    return List.of(
        new Routing(1, Routing.Scoring.SOFTMAX, 1, 1, Routing.GroupScore.MAX, false, 1),
        new Routing(2, Routing.Scoring.SOFTMAX, 1, 1, Routing.GroupScore.MAX, true, 1),
        new Routing(6, Routing.Scoring.SOFTMAX, 4, 2, Routing.GroupScore.MAX, false, 16),
        new Routing(8, Routing.Scoring.SIGMOID, 8, 4, Routing.GroupScore.TOP2_SUM, true, 2.5f));
  }

  @ParameterizedTest
  @MethodSource("routings")
  void routingChoosesTheSameExperts(Routing routing) {
    for (int tokens : TOKENS) {
      int experts = routing.groups() == 1 ? 13 : 64;
      Tensor logits = Samples.activations(1, tokens, experts);
      for (int e = 0; e + 1 < experts; e += 2) { // ties in the first row
        logits.set(e + 1, logits.get(e));
      }
      for (Tensor bias : new Tensor[] {null, Samples.activations(2, experts)}) {
        int k = routing.expertsPerToken();
        Tensor chosen = Tensor.allocate(Arena.ofAuto(), DType.I32, tokens, k);
        Tensor expected = Tensor.allocate(Arena.ofAuto(), DType.I32, tokens, k);
        agree(
            (kernels, out) ->
                kernels.route(
                    kernels == reference.kernels() ? expected : chosen, out, logits, bias, routing),
            new int[] {tokens, k},
            "weights of " + routing);
        for (long i = 0; i < chosen.size(); i++) {
          assertThat(chosen.getInt(i))
              .as("choice %d of %s", i, routing)
              .isEqualTo(expected.getInt(i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("weightTypes")
  void expertsAreWeighedAndSummed(DType type) {
    for (int tokens : TOKENS) {
      experts(type, type, tokens, 2, 6);
    }
    experts(type, DType.F32, 7, 1, 3);
  }

  @Test
  void expertsOfManyKindsAndCounts() {
    experts(DType.Q4_K, DType.Q6_K, 65, 3, 4);
    experts(DType.Q8_0, DType.F16, 257, 4, 8);
    experts(DType.Q4_0, DType.Q8_0, 200, 1, 1);
    experts(DType.F32, DType.F32, 13, 8, 40);
  }

  private void experts(DType type, DType downType, int tokens, int k, int count) {
    int D = type.blockSize() == 1 ? 77 : Math.max(64, type.blockSize());
    int F = downType.blockSize() == 1 ? 45 : Math.max(96, downType.blockSize());
    List<Tensor> gate = new ArrayList<>();
    List<Tensor> up = new ArrayList<>();
    List<Tensor> down = new ArrayList<>();
    for (int e = 0; e < count; e++) {
      gate.add(Samples.weights(type, 3L * e, F, D));
      up.add(Samples.weights(type, 3L * e + 1, F, D));
      down.add(Samples.weights(downType, 3L * e + 2, D, F));
    }
    Tensor expert_Tk = Tensor.allocate(Arena.ofAuto(), DType.I32, tokens, k);
    Random random = new Random(tokens);
    for (int t = 0; t < tokens; t++) {
      int first = random.nextInt(Math.max(1, count - 1)); // the last expert is chosen seldom
      for (int j = 0; j < k; j++) {
        expert_Tk.setInt((long) t * k + j, (first + j) % count);
      }
    }
    Tensor x = Samples.activations(5, tokens, D);
    Tensor weight_Tk = Samples.activations(6, tokens, k);
    ExpertWeights weights = new ExpertWeights(gate, up, down);
    agree(
        (kernels, out) -> kernels.experts(out, x, expert_Tk, weight_Tk, weights),
        new int[] {tokens, D},
        Math.max(tolerance(type), tolerance(downType)),
        String.format(Locale.ROOT, "%d of %d experts, %s, %d tokens", k, count, type, tokens));
  }

  static Stream<Arguments> plainShapes() {
    return Arrays.stream(TOKENS)
        .boxed()
        .flatMap(tokens -> Arrays.stream(TAILS).mapToObj(width -> Arguments.of(tokens, width)));
  }

  /** Widths that reach a type's tails: whole blocks, few and many. */
  private static int[] columns(DType type) {
    int block = type.blockSize();
    return block == 1 ? TAILS : new int[] {block, 3 * block, 10 * block};
  }

  /** Sequences over a cache whose blocks lie out of order. */
  private static final class Paged {
    private final KvCache cache;
    private final int[] spans;
    private final List<int[]> tables = new ArrayList<>();

    Paged(List<CacheSpec> layers, int... spans) {
      this(DType.F16, layers, spans);
    }

    Paged(DType type, List<CacheSpec> layers, int... spans) {
      this.spans = spans;
      int blocks = 0;
      for (int i = 0; i < spans.length; i += 2) {
        blocks += KvCache.blocksFor(spans[i] + spans[i + 1]);
      }
      cache = new KvCache(layers, blocks + 2, type);
      int next = blocks + 1;
      for (int i = 0; i < spans.length; i += 2) {
        int[] table = new int[KvCache.blocksFor(spans[i] + spans[i + 1])];
        for (int b = 0; b < table.length; b++) {
          table[b] = next--;
          cache.reserve(table[b]);
        }
        tables.add(table);
      }
    }

    int past() {
      return IntStream.range(0, spans.length / 2).map(i -> spans[2 * i]).sum();
    }

    Batch before() {
      return batch(i -> 0, i -> spans[2 * i]);
    }

    Batch now() {
      return batch(i -> spans[2 * i], i -> spans[2 * i + 1]);
    }

    Batch chunk(int past, int length) {
      return batch(i -> past, i -> length);
    }

    private Batch batch(IntUnaryOperator past, IntUnaryOperator length) {
      List<Batch.Span> list = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < tables.size(); i++) {
        if (length.applyAsInt(i) > 0) {
          list.add(
              new Batch.Span(
                  positions.size(), length.applyAsInt(i), past.applyAsInt(i), tables.get(i)));
          for (int p = 0; p < length.applyAsInt(i); p++) {
            positions.add(past.applyAsInt(i) + p);
          }
        }
      }
      int[] at = positions.stream().mapToInt(p -> p).toArray();
      return new Batch(new int[at.length], at, list, new int[0], Optional.of(cache));
    }
  }

  private void agree(BiConsumer<Kernels, Tensor> op, int[] shape, String what) {
    agree(op, shape, TOLERANCE, what);
  }

  private void agree(BiConsumer<Kernels, Tensor> op, int[] shape, double tolerance, String what) {
    Tensor expected = out(shape);
    op.accept(reference.kernels(), expected);
    Tensor actual = out(shape);
    op.accept(tested.kernels(), actual);
    assertClose(expected, actual, tolerance, what);
  }

  /** As {@link #agree}, for sums over {@code inputs} products of about unit size. */
  private void agreeSums(BiConsumer<Kernels, Tensor> op, int inputs, int[] shape, String what) {
    agreeSums(op, inputs, shape, TOLERANCE, what);
  }

  private void agreeSums(
      BiConsumer<Kernels, Tensor> op, int inputs, int[] shape, double tolerance, String what) {
    Tensor expected = out(shape);
    op.accept(reference.kernels(), expected);
    Tensor actual = out(shape);
    op.accept(tested.kernels(), actual);
    assertClose(expected, actual, tolerance, Math.sqrt(inputs) / 4, what);
  }

  private void agreeInPlace(BiConsumer<Kernels, Tensor> op, Tensor start, String what) {
    Tensor expected = Tensor.of(start.toFloats(), start.shape());
    op.accept(reference.kernels(), expected);
    Tensor actual = Tensor.of(start.toFloats(), start.shape());
    op.accept(tested.kernels(), actual);
    assertClose(expected, actual, TOLERANCE, what);
  }

  /** Full of NaN, so that what a kernel leaves out shows. */
  private static Tensor out(int... shape) {
    Tensor out = Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
    for (long i = 0; i < out.size(); i++) {
      out.set(i, Float.NaN);
    }
    return out;
  }

  private static void assertClose(Tensor expected, Tensor actual, double tolerance, String what) {
    assertClose(expected, actual, tolerance, 1e-30, what);
  }

  /**
   * @param size what a number is at least measured by: one sum can be near zero by chance
   */
  private static void assertClose(
      Tensor expected, Tensor actual, double tolerance, double size, String what) {
    double largest = size;
    for (long i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    for (long i = 0; i < expected.size(); i++) {
      double difference = Math.abs((double) expected.get(i) - actual.get(i)) / largest;
      if (!(difference <= tolerance)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s: number %d of %s is %s, the reference says %s; that is %.1e of the largest,"
                    + " allowed is %.1e",
                what,
                i,
                expected,
                actual.get(i),
                expected.get(i),
                difference,
                tolerance));
      }
    }
  }
}
