package dev.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Java types as forms of answers, there and back. */
final class EntityTest {
  enum Currency {
    EUR,
    USD
  }

  record Line(String text, int quantity, double price) {}

  record Invoice(
      String number,
      LocalDate date,
      List<Line> lines,
      Currency currency,
      Optional<String> note,
      @Nullable Boolean paid,
      Map<String, Long> codes) {}

  sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Group(List<Shape> shapes) implements Shape {}
  }

  record Drawing(String title, Shape shape) {}

  @Test
  void whatMatchesIsReadBack() {
    Entity<Invoice> entity = Entity.of(Invoice.class);
    String json =
        "{\"number\": \"A-1\", \"date\": \"2024-02-29\", \"lines\": [{\"text\": \"mug\","
            + " \"quantity\": 2, \"price\": 9.5}], \"currency\": \"EUR\", \"paid\": true,"
            + " \"codes\": {\"x\": 7}}";
    assertThat(entity.grammar().matches(json)).isTrue();
    Invoice invoice = entity.read(json);
    assertThat(invoice.date()).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(invoice.lines()).containsExactly(new Line("mug", 2, 9.5));
    assertThat(invoice.note()).isEmpty();
    assertThat(invoice.codes()).containsEntry("x", 7L);
    assertThat(entity.grammar().matches(json.replace("2024-02-29", "2023-02-29"))).isFalse();
    assertThat(entity.grammar().matches(json.replace("EUR", "GBP"))).isFalse();
    assertThat(
            entity.grammar().matches(json.replace("\"quantity\": 2", "\"quantity\": 2147483648")))
        .isFalse();
  }

  @Test
  void sealedTypesAreToldApartByTheirTag() {
    Entity<Drawing> entity = Entity.of(Drawing.class);
    String json =
        "{\"title\":\"t\",\"shape\":{\"type\":\"Group\",\"shapes\":[{\"type\":\"Circle\",\"radius\":1.5}]}}";
    assertThat(entity.grammar().matches(json)).isTrue();
    assertThat(entity.read(json))
        .isEqualTo(new Drawing("t", new Shape.Group(List.of(new Shape.Circle(1.5)))));
    assertThat(entity.grammar().matches(json.replace("Circle", "Square"))).isFalse();
  }

  @Test
  void whateverIsWrittenCanBeRead() {
    ByteVocabulary vocabulary = new ByteVocabulary("\": ", "the", "2024-01-");
    Random random = new Random(11);
    for (Entity<?> entity :
        List.of(Entity.of(Invoice.class), Entity.of(Drawing.class), Entity.of(Shape.class))) {
      for (int i = 0; i < 100; i++) {
        String json = Walk.text(entity.grammar().mask(vocabulary), vocabulary, random, 150);
        assertThat(entity.read(json)).isNotNull();
      }
    }
  }

  @Test
  void aTypeWithoutASchemaIsNamed() {
    record Odd(Thread thread) {}

    assertThatThrownBy(() -> JavaSchema.of(Odd.class))
        .hasMessageContaining("Odd.thread")
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> Entity.of(Line.class).read("{\"text\": \"cu"))
        .hasMessageContaining("no Line")
        .hasMessageContaining("allow more tokens");
  }
}
