package dev.hadal.app.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TabTest {
  private final AtomicInteger cuts = new AtomicInteger();
  private final Tab tab = new Tab(cuts::incrementAndGet);

  @Test
  void eventsComeInOrder() throws InterruptedException {
    tab.add("a");
    tab.add("b");
    assertThat(tab.take()).isEqualTo("ab");
    tab.add("c");
    tab.close();
    assertThat(tab.take()).isEqualTo("c");
    assertThat(tab.take()).isEmpty();
  }

  @Test
  void whoDoesNotKeepUpIsCutOff() throws InterruptedException {
    String event = "x".repeat(1 << 20);
    for (int i = 0; i < 5; i++) {
      tab.add(event);
    }
    assertThat(cuts).hasValue(0);
    tab.add(event);
    tab.add(event);
    assertThat(cuts).hasValue(1);
    assertThat(tab.take()).hasSize(5 << 20);
    assertThat(tab.take()).isEmpty();
  }

  @Test
  void whoReadsIsNotCutOff() throws InterruptedException {
    String event = "x".repeat(1 << 20);
    for (int i = 0; i < 20; i++) {
      tab.add(event);
      tab.take();
    }
    assertThat(cuts).hasValue(0);
  }
}
