package dev.hadal.format;

/**
 * How rotary positions are stretched beyond the context a model was trained with.
 *
 * @param type {@code linear}, {@code yarn}, {@code llama3}, or what else a file says
 * @param factor how many times longer the context becomes; at least 1
 * @param originalMaxPositionEmbeddings the context trained with
 * @param betaFast YaRN: turns over that context above which a pair is left as it is
 * @param betaSlow YaRN: turns below which a pair is stretched in full
 * @param mscale YaRN in DeepSeek: strength of the cosine scale; 0 where none is given
 * @param mscaleAllDim YaRN in DeepSeek: strength of the softmax scale; 0 where none is given
 * @param lowFreqFactor Llama 3: as betaSlow
 * @param highFreqFactor Llama 3: as betaFast
 * @param attentionFactor what cosines and sines are multiplied by; 0 where it follows from the rest
 */
public record RopeScaling(
    String type,
    double factor,
    int originalMaxPositionEmbeddings,
    double betaFast,
    double betaSlow,
    double mscale,
    double mscaleAllDim,
    double lowFreqFactor,
    double highFreqFactor,
    double attentionFactor) {}
