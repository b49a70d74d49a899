package dev.hadal.app.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What matters of the JVM that runs this.
 *
 * @param compiler what makes machine code of Java's bytes, for people
 * @param optimizing whether that includes the compiler that vectors need
 * @param vectorApi whether the module of the Vector API is there
 * @param aotCache whether it started from an AOT cache
 */
record JvmFacts(
    String version, String compiler, boolean optimizing, boolean vectorApi, boolean aotCache) {
  static JvmFacts here() {
    String mode = System.getProperty("java.vm.info", "");
    boolean interpreted = mode.startsWith("interpreted");
    boolean tiered = !"false".equals(flag("TieredCompilation"));
    String stop = flag("TieredStopAtLevel");
    boolean simple = tiered && stop != null && !stop.equals("4");
    String cache = flag("AOTCache");
    return new JvmFacts(
        Runtime.version() + ", " + System.getProperty("java.vendor", ""),
        interpreted ? "none, all is interpreted" : simple ? "C1 only" : tiered ? "C1 and C2" : "C2",
        !interpreted && !simple,
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        // One that does not fit is not used, and then nothing is shared.
        cache != null && !cache.isEmpty() && mode.contains("sharing"));
  }

  /** The value of a flag of HotSpot; null if this JVM has no such flag. */
  private static @Nullable String flag(String name) {
    HotSpotDiagnosticMXBean hotspot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return hotspot == null ? null : hotspot.getVMOption(name).getValue();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
