package dev.hadal;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hadal.testing.Layers;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Imports point down: the order of the rooms, and what each may use from outside the house. */
class LayersTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.hadal");

  /**
   * Lowest first; rooms on one floor do not see each other. A room owns the packages below it
   * unless they have a room.
   */
  private static final Layers LAYERS =
      Layers.lowestFirst()
          .floor("dev.hadal.tensor")
          .floor("dev.hadal.backend")
          .floor("dev.hadal.backend.reference")
          .floor("dev.hadal.backend.simd", "dev.hadal.ops", "dev.hadal.format")
          .floor("dev.hadal.backend.jit", "dev.hadal.tokenizer")
          .floor("dev.hadal.nn")
          .floor("dev.hadal.model")
          .floor("dev.hadal.engine")
          .floor("dev.hadal.grammar")
          .floor("dev.hadal.chat")
          .floor("dev.hadal");

  private static final DescribedPredicate<JavaClass> WHERE_WEIGHTS_COME_FROM =
      nameMatching("dev\\.hadal\\.(nn\\.Weights|model\\.RandomCheckpoint)(\\$.*)?").forSubtype();

  @Test
  void importsPointDown() {
    classes().should(LAYERS.onlyLookDown()).check(HOUSE);
  }

  @Test
  void onlyTheSimdBackEndKnowsTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.hadal.backend.simd..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .allowEmptyShould(true)
        .because("the library must load on a JVM without the Vector API")
        .check(HOUSE);
  }

  @Test
  void aModelFileSpeaksOnlyOpsNamesAndShapes() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.hadal.model..", "dev.hadal.nn..")
        .and(are(not(WHERE_WEIGHTS_COME_FROM)))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("dev.hadal.tensor.DType")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .allowEmptyShould(true)
        .because("one model definition serves inference and training on every back end")
        .check(HOUSE);
  }

  @Test
  void theLibraryNeedsOnlyTheJdkAndJackson() {
    Set<String> outside = new TreeSet<>();
    for (JavaClass type : HOUSE) {
      type.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(t -> !t.isPrimitive())
          .map(JavaClass::getPackageName)
          .filter(p -> !p.startsWith("java.") && !p.startsWith("dev.hadal"))
          .forEach(outside::add);
    }
    assertThat(outside)
        .allMatch(p ->
            p.startsWith("tools.jackson.")
                || p.startsWith("com.fasterxml.jackson.annotation")
                || p.equals("org.jspecify.annotations")
                || p.equals("jdk.incubator.vector"));
  }
}
