package dev.hadal.backend.jit;

/**
 * exp(x) of eight numbers up to 0, within 2e-7 of the number and 0 below -87.
 *
 * <p>2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2: rounding by adding and taking away 1.5 *
 * 2^23, ln 2 in two parts, a polynomial of degree six for exp(r) (Cephes' coefficients), and n
 * added into the exponent. exp(0) is 1 exactly.
 */
final class Exponential {
  static final Constants LOWEST = Constants.EXP_LOWEST;

  private static final int NOT_LESS = 5; // vcmpps predicate; true for what is not a number

  private static final Constants[] POLYNOMIAL = {
    Constants.EXP_P1, Constants.EXP_P2, Constants.EXP_P3, Constants.EXP_P4, Constants.EXP_P5
  };

  private Exponential() {}

  /**
   * Uses registers 10 to 15.
   *
   * @param lowest holds {@link #LOWEST}
   */
  static void emit(Assembler a, Vec to, Vec x, Vec lowest) {
    Vec n = Vec.ymm(10);
    Vec shifted = Vec.ymm(11);
    Vec r = Vec.ymm(12);
    Vec square = Vec.ymm(13);
    Vec seen = Vec.ymm(14);
    Vec p = Vec.ymm(15);
    a.vcmpps(seen, x, lowest, NOT_LESS);
    a.vmaxps(r, lowest, x); // the second one where either is not a number
    a.vmovups(shifted, Constants.EXP_ROUND.at());
    a.vfmadd231ps(shifted, r, Constants.EXP_LOG2_E.at());
    a.vsubps(n, shifted, Constants.EXP_ROUND.at());
    a.vfmadd231ps(r, n, Constants.EXP_MINUS_LN2_HIGH.at());
    a.vfmadd231ps(r, n, Constants.EXP_MINUS_LN2_LOW.at());
    a.vmulps(square, r, r);
    a.vmovups(p, Constants.EXP_P0.at());
    for (Constants coefficient : POLYNOMIAL) {
      a.vfmadd213ps(p, r, coefficient.at());
    }
    a.vfmadd213ps(p, square, r);
    a.vaddps(p, p, Constants.ONE.at());
    a.vpslld(shifted, shifted, 23);
    a.vpaddd(p, p, shifted);
    a.vandps(to, p, seen);
  }
}
