package dev.hadal.model;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.format.Config;
import dev.hadal.nn.Attention;
import dev.hadal.nn.Attention.Extra;
import dev.hadal.nn.FeedForward;
import dev.hadal.nn.Linear;
import dev.hadal.nn.Mixer;
import dev.hadal.nn.RmsNorm;
import dev.hadal.nn.Rope;
import dev.hadal.nn.Weights;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The frame all families here share: embedding, pre-norm residual blocks, final norm, head. A
 * family's file says what stands in the blocks.
 *
 * <p>Shapes: T packed tokens, D hidden, R output rows, V vocabulary, r rotated numbers of a head.
 */
final class Decoder implements Model {
  private final Tensor embed_VD;
  private final Rope rope;
  private final List<Block> blocks;
  private final RmsNorm norm;
  private final Linear head;

  /** x + mixer(norm x), then that + feedForward(norm that). */
  record Block(RmsNorm inputNorm, Mixer mixer, RmsNorm postNorm, FeedForward feedForward)
      implements Ops.Block {
    /** With the norms' names as every family here has them. */
    static Block of(Config config, Weights layer, Mixer mixer, FeedForward feedForward) {
      return new Block(
          RmsNorm.of(layer.at("input_layernorm"), config.hiddenSize(), config.rmsNormEps()),
          mixer,
          RmsNorm.of(
              layer.at("post_attention_layernorm"), config.hiddenSize(), config.rmsNormEps()),
          feedForward);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, Tensor rotations_Tr, Tensor x_TD) {
      Tensor h_TD =
          ops.add(x_TD, mixer.forward(ops, batch, rotations_Tr, inputNorm.forward(ops, x_TD)));
      return ops.add(h_TD, feedForward.forward(ops, postNorm.forward(ops, h_TD)));
    }
  }

  /**
   * @param ropeDim how many numbers of a head are rotated
   * @param block the block of each layer
   */
  Decoder(Config config, Weights weights, int ropeDim, IntFunction<Block> block) {
    Weights model = weights.at("model");
    embed_VD = model.tensor("embed_tokens.weight", config.vocabSize(), config.hiddenSize());
    rope = Rope.of(config, model, ropeDim);
    blocks = new ArrayList<>();
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      blocks.add(block.apply(layer));
    }
    norm = RmsNorm.of(model.at("norm"), config.hiddenSize(), config.rmsNormEps());
    head =
        config.tieWordEmbeddings()
            ? new Linear(embed_VD, null)
            : Linear.of(weights.at("lm_head"), config.vocabSize(), config.hiddenSize());
  }

  /** Builds one layer's feed-forward from the scope {@code mlp} of its weights. */
  interface FeedForwards {
    FeedForward of(Weights mlp, int layer);
  }

  /** With grouped-query attention in every block: all families but DeepSeek's later ones. */
  static Decoder withAttention(
      Config config, Weights weights, FeedForwards feedForwards, Extra... extras) {
    Attention.Shape shape =
        new Attention.Shape(
            config.hiddenSize(),
            config.numAttentionHeads(),
            config.numKeyValueHeads(),
            config.headDim(),
            config.slidingWindow(),
            config.ropeInterleave());
    return new Decoder(
        config,
        weights,
        shape.headDim(),
        i -> {
          Weights layer = weights.at("model.layers." + i);
          return Block.of(
              config,
              layer,
              new Attention(layer.at("self_attn"), shape, i, config.rmsNormEps(), extras),
              feedForwards.of(layer.at("mlp"), i));
        });
  }

  @Override
  public Tensor hidden(Ops ops, Batch batch) {
    Tensor x_TD = embed(ops, batch);
    Tensor rotations_Tr = rope.rotations(ops, batch);
    for (Block block : blocks) {
      x_TD = ops.block(block, batch, rotations_Tr, x_TD);
    }
    return norm.forward(ops, ops.rows(x_TD, batch.outputRows())); // (R, D)
  }

  @Override
  public Tensor logits(Ops ops, Tensor hidden_RD) {
    return head.forward(ops, hidden_RD);
  }

  /** What blocks start from: (T, D). */
  Tensor embed(Ops ops, Batch batch) {
    return ops.embed(embed_VD, batch.tokens());
  }

  Rope rope() {
    return rope;
  }

  @Override
  public List<CacheSpec> cacheSpec() {
    return blocks.stream().map(block -> block.mixer().cacheSpec()).toList();
  }
}
