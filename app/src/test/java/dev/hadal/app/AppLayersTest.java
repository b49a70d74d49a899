package dev.hadal.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hadal.testing.Layers;
import org.junit.jupiter.api.Test;

/** Imports point down in the app too, and it uses the library through its front rooms. */
class AppLayersTest {
  private static final JavaClasses APP =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.hadal.app");

  @Test
  void importsPointDown() {
    classes()
        .should(
            Layers.lowestFirst()
                .floor("dev.hadal")
                .floor("dev.hadal.app.hub", "dev.hadal.app.models", "dev.hadal.app.store")
                .floor("dev.hadal.app.server")
                .floor("dev.hadal.app.server.answer")
                .floor(
                    "dev.hadal.app.server.openai",
                    "dev.hadal.app.server.ollama",
                    "dev.hadal.app.server.anthropic",
                    "dev.hadal.app.server.extras",
                    "dev.hadal.app.server.page")
                .floor("dev.hadal.app.cli")
                .onlyLookDown())
        .check(APP);
  }

  @Test
  void theAppChoosesBackEndsByName() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.hadal.backend.simd..", "dev.hadal.backend.reference..")
        .allowEmptyShould(true)
        .check(APP);
  }
}
