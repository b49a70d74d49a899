package dev.hadal.model;

import dev.hadal.backend.Batch;
import dev.hadal.backend.CacheSpec;
import dev.hadal.backend.Routing;
import dev.hadal.format.Config;
import dev.hadal.format.RopeScaling;
import dev.hadal.nn.FeedForward;
import dev.hadal.nn.LatentAttention;
import dev.hadal.nn.Linear;
import dev.hadal.nn.Moe;
import dev.hadal.nn.RmsNorm;
import dev.hadal.nn.Rope;
import dev.hadal.nn.SwiGlu;
import dev.hadal.nn.Weights;
import dev.hadal.ops.Ops;
import dev.hadal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * DeepSeek-V2, V2-Lite, V3, R1, and what has their shape (Moonlight, Kimi K2): latent attention, a
 * few dense layers first, then fine-grained mixtures of experts with shared ones; V3 adds modules
 * that predict one token further.
 *
 * <p>Sources: V2 arXiv:2405.04434, V3 arXiv:2412.19437; tensor names as in the Hugging Face
 * checkpoints.
 */
final class DeepSeek implements Model {
  private final Decoder decoder;
  private final List<NextTokenModule> nextTokenModules;

  DeepSeek(Config config, Weights weights) {
    LatentAttention.Shape shape = attentionShape(config);
    decoder =
        new Decoder(
            config,
            weights,
            shape.rope(),
            i -> block(config, shape, weights.at("model.layers." + i), i));
    nextTokenModules = new ArrayList<>();
    for (int i = 0; i < config.numNextnPredictLayers(); i++) {
      int layer = config.numHiddenLayers() + i;
      Weights module = weights.at("model.layers." + layer);
      if (module.has("eh_proj.weight")) { // many files leave the modules out: absence is normal
        nextTokenModules.add(
            new NextTokenModule(config, module, decoder, block(config, shape, module, layer)));
      }
    }
  }

  @Override
  public Tensor hidden(Ops ops, Batch batch) {
    return decoder.hidden(ops, batch);
  }

  @Override
  public Tensor logits(Ops ops, Tensor hidden_RD) {
    return decoder.logits(ops, hidden_RD);
  }

  @Override
  public List<CacheSpec> cacheSpec() {
    return decoder.cacheSpec();
  }

  /** The first of the modules; its guesses are the start of further ones, too. */
  @Override
  public Optional<NextToken> nextToken() {
    return nextTokenModules.stream().map(NextToken.class::cast).findFirst();
  }

  static LatentAttention.Shape attentionShape(Config config) {
    int query = config.qkNopeHeadDim() + config.qkRopeHeadDim();
    double stretch = config.ropeScaling().map(DeepSeek::scoreScale).orElse(1.0);
    return new LatentAttention.Shape(
        config.hiddenSize(),
        config.numAttentionHeads(),
        config.qLoraRank(),
        config.kvLoraRank(),
        config.qkNopeHeadDim(),
        config.qkRopeHeadDim(),
        config.vHeadDim(),
        (float) (stretch * stretch / Math.sqrt(query)),
        config.attentionBias(),
        config.ropeInterleave());
  }

  /**
   * YaRN sharpens the softmax of a stretched context; the square of this goes into the scores'
   * scale.
   */
  private static double scoreScale(RopeScaling scaling) {
    return scaling.type().equals("yarn")
        ? Rope.yarnScale(scaling.factor(), scaling.mscaleAllDim())
        : 1;
  }

  private static Decoder.Block block(
      Config config, LatentAttention.Shape shape, Weights layer, int index) {
    return Decoder.Block.of(
        config,
        layer,
        new LatentAttention(layer.at("self_attn"), shape, index, config.rmsNormEps()),
        feedForward(config, layer.at("mlp"), index));
  }

  static FeedForward feedForward(Config config, Weights mlp, int layer) {
    int hidden = config.hiddenSize();
    int experts = config.numExperts();
    boolean dense =
        experts == 0 || layer < config.firstKDenseReplace() || layer % config.moeLayerFreq() != 0;
    if (dense) {
      return SwiGlu.of(mlp, hidden, config.intermediateSize());
    }
    boolean biased = config.topkMethod().equals("noaux_tc");
    int width = config.moeIntermediateSize();
    int shared = config.nSharedExperts();
    return new Moe(
        Linear.of(mlp.at("gate"), experts, hidden),
        biased ? mlp.vector("gate.e_score_correction_bias", experts) : null,
        routing(config),
        Moe.experts(mlp, experts, hidden, width),
        shared == 0 ? null : SwiGlu.of(mlp.at("shared_experts"), hidden, shared * width),
        null);
  }

  private static Routing routing(Config config) {
    boolean grouped = !config.topkMethod().equals("greedy");
    return new Routing(
        config.numExpertsPerTok(),
        config.scoringFunc().equals("sigmoid") ? Routing.Scoring.SIGMOID : Routing.Scoring.SOFTMAX,
        grouped ? config.nGroup() : 1,
        grouped ? config.topkGroup() : 1,
        config.topkMethod().equals("noaux_tc")
            ? Routing.GroupScore.TOP2_SUM
            : Routing.GroupScore.MAX,
        config.normTopkProb(),
        (float) config.routedScalingFactor());
  }

  /**
   * A multi-token prediction module (V3, section 2.2): h' = W_eh [norm_e(embed(next token)) ;
   * norm_h(h)], one more block, a norm and the main model's head. As those who serve these models
   * do, h has gone through the main model's last norm.
   */
  record NextTokenModule(
      RmsNorm embedNorm,
      RmsNorm hiddenNorm,
      Linear project,
      Decoder.Block block,
      RmsNorm headNorm,
      Decoder decoder)
      implements NextToken {
    NextTokenModule(Config config, Weights module, Decoder decoder, Decoder.Block block) {
      this(
          RmsNorm.of(module.at("enorm"), config.hiddenSize(), config.rmsNormEps()),
          RmsNorm.of(module.at("hnorm"), config.hiddenSize(), config.rmsNormEps()),
          Linear.of(module.at("eh_proj"), config.hiddenSize(), 2 * config.hiddenSize()),
          block,
          RmsNorm.of(module.at("shared_head.norm"), config.hiddenSize(), config.rmsNormEps()),
          decoder);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, Tensor hidden_TD) {
      Tensor next_TD = embedNorm.forward(ops, decoder.embed(ops, batch));
      Tensor both_TI = ops.concat(next_TD, hiddenNorm.forward(ops, hidden_TD));
      Tensor rotations_Tr = decoder.rope().rotations(ops, batch);
      Tensor x_TD = ops.block(block, batch, rotations_Tr, project.forward(ops, both_TI));
      return headNorm.forward(ops, x_TD);
    }

    @Override
    public CacheSpec cacheSpec() {
      return block.mixer().cacheSpec();
    }
  }
}
