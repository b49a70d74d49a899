package dev.hadal.model;

/** How far two distributions are apart. */
final class Probabilities {
  private Probabilities() {}

  /** The largest difference of a probability. */
  static double maxDifference(double[] p, double[] q) {
    double max = 0;
    for (int i = 0; i < p.length; i++) {
      max = Math.max(max, Math.abs(p[i] - q[i]));
    }
    return max;
  }

  /** KL(reference || ours), in nats. */
  static double divergence(double[] reference, double[] ours) {
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] > 0) {
        sum += reference[i] * Math.log(reference[i] / ours[i]);
      }
    }
    return sum;
  }
}
