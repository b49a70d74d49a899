package dev.hadal.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreTest {
  @TempDir private Path folder;

  private Path file;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve("data/hadal.db");
    store = Store.open(file);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsKeptIsThereAfterARestart() throws IOException {
    Conversation made = talk("Sea", "Why is it blue?", "It swallows red.");
    Preset preset =
        store.presets().put(new Preset("s_1", "Brief", "Be brief.", true, Sampling.DEFAULT));

    reopen();

    assertThat(store.conversations().all()).containsExactly(made);
    assertThat(store.messages().of(made.id())).hasSize(2);
    assertThat(store.messages().of(made.id()).getLast().content()).isEqualTo("It swallows red.");
    assertThat(store.presets().all()).containsExactly(preset);
  }

  @Test
  void anAnswerThatRanWhenTheProcessEndedKeepsWhatHadCome() throws IOException {
    Conversation made = talk("Sea", "Why?");
    Message answer = Message.answer(made.id(), made.leaf(), 5, "tiny");
    store.messages().add(made.id(), List.of(answer), c -> c.withLeaf(answer.id()));
    assertThat(store.conversations().find(made.id()).orElseThrow().running()).isTrue();
    store.messages().grown(answer.id(), "It swal", "hm");

    reopen();

    Message now = store.messages().find(answer.id()).orElseThrow();
    assertThat(now.state()).isEqualTo("error");
    assertThat(now.error()).extracting(Problem::code).isEqualTo("restarted");
    assertThat(now.content() + now.thinking()).isEqualTo("It swalhm");
    assertThat(store.conversations().find(made.id()).orElseThrow().running()).isFalse();
    assertThat(found("swal")).containsExactly(made.id());
  }

  @Test
  void theListHasPinnedOnesFirstThenTheLatestInParts() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.addFirst(at("T" + i, i == 3 ? 4 : i).id()); // two of the same time
    }
    store.conversations().change(ids.getLast(), c -> c.withPinned(true));

    List<String> listed = new ArrayList<>();
    String next = "";
    do {
      Conversations.Listing part = store.conversations().list(3, next);
      part.conversations().forEach(c -> listed.add(c.id()));
      next = part.next();
    } while (next != null);

    assertThat(listed).hasSize(7).first().isEqualTo(ids.getLast());
    assertThat(listed.subList(1, 7)).containsExactlyElementsOf(ids.subList(0, 6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.2", "1.2.3.4", "-1.2.3", "'; DROP TABLE messages"})
  void aCursorOfNobodysIsRefused(String cursor) {
    assertThatThrownBy(() -> store.conversations().list(5, cursor))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void searchFindsWordsOfTitlesAndMessages() {
    String fish = talk("Deep", "What lives there?", "The Anglerfish, être étrange.").id();
    String title = talk("Anglerfish stories", "Hello", "Hello.").id();

    assertThat(found("anglerfish")).containsExactly(title, fish);
    assertThat(found("ANGLER etrange")).containsExactly(fish);
    assertThat(found("glerfish")).isEmpty();
    assertThat(found("anglerfish nowhere")).isEmpty();
    assertThat(found("nothing-has-this")).isEmpty();
  }

  @Test
  void oneChineseCharacterIsEnough() {
    String fish = talk("中文", "你好", "深海的鮟鱇鱼会发光 in the dark").id();

    assertThat(found("鱇")).containsExactly(fish);
    assertThat(found("鮟鱇鱼")).containsExactly(fish);
    assertThat(found("海深")).isEmpty();
    assertThat(found("发光 dark")).containsExactly(fish);
    assertThat(found("中")).containsExactly(fish);
  }

  @Test
  void aMatchSaysWhereTheWordsAre() {
    talk("Sea", "Why?", "x".repeat(50) + " 🐟 water Absorbs red light, 水吸收红光 " + "y ".repeat(200));

    Match match = store.conversations().search("absorb 红光", 5, "").hits().getFirst().match();

    assertThat(match.message()).isNotNull();
    assertThat(match.ranges().stream().map(r -> match.snippet().substring(r[0], r[1])))
        .containsExactly("Absorb", "红光");
    assertThat(match.snippet()).startsWith("... ").endsWith(" ...");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "' OR 1=1 --",
        "NOT",
        "a AND",
        "NEAR(a b)",
        "text:a",
        "*",
        "a*",
        "(",
        "^a",
        "{a b}:c",
        "\u0000",
        "a\u0000b",
        "-a",
        "\"a\" OR \"b\"",
        "\ud800",
        "%",
        "::::",
        "a\" OR \"b",
        "🐟"
      })
  void syntaxInASearchIsPlainText(String query) {
    talk("Sea", "Hello there", "Other words.");
    assertThat(found(query)).isEmpty();
  }

  @Test
  void aChangedTitleIsFoundAndTheOldOneIsNot() {
    String id = talk("Before", "Hello").id();
    store.conversations().change(id, c -> c.withTitle("After", 9));
    assertThat(found("before")).isEmpty();
    assertThat(found("after")).containsExactly(id);
  }

  @Test
  void searchComesInPartsBestFirst() {
    for (int i = 0; i < 5; i++) {
      talk("T" + i, "whale " + "and something else ".repeat(i));
    }
    Conversations.Found first = store.conversations().search("whale", 3, "");
    Conversations.Found rest =
        store.conversations().search("whale", 3, String.valueOf(first.next()));
    assertThat(first.hits()).hasSize(3).first().returns("T0", h -> h.conversation().title());
    assertThat(rest.hits()).hasSize(2);
    assertThat(rest.next()).isNull();
  }

  @Test
  void deletedOnesAreKeptForAMonth() throws IOException {
    Conversation made = talk("Gone", "unfindable words");
    assertThat(store.conversations().delete(made.id())).isTrue();
    assertThat(store.conversations().delete(made.id())).isFalse();
    assertThat(store.conversations().find(made.id())).isEmpty();
    assertThat(found("unfindable")).isEmpty();
    assertThat(store.conversations().restore(made.id())).contains(made);
    assertThat(found("unfindable")).containsExactly(made.id());

    store.conversations().delete(made.id());
    reopenIn(Duration.ofDays(29));
    assertThat(store.conversations().restore(made.id())).isPresent();
    store.conversations().delete(made.id());
    reopenIn(Duration.ofDays(60));
    assertThat(store.conversations().restore(made.id())).isEmpty();
    assertThat(store.messages().of(made.id())).isEmpty();
  }

  @Test
  void aFailureInTheMiddleChangesNothing() {
    Conversation made = talk("Sea", "Why?");
    Message same = store.messages().of(made.id()).getFirst();
    assertThatThrownBy(() ->
            store
                .messages()
                .add(
                    made.id(),
                    List.of(Message.answer(made.id(), null, 5, "tiny"), same),
                    c -> c.withTitle("Other", 5)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("hadal.db");
    assertThat(store.conversations().find(made.id())).contains(made);
    assertThat(store.messages().of(made.id())).containsExactly(same);
  }

  @Test
  void aSecondProcessIsRefused() {
    assertThatThrownBy(() -> Store.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use")
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()))
        .hasMessageContaining("--data");
  }

  @Test
  void aFileOfOthersIsLeftAsItIs() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.db"), "my notes ".repeat(50));
    byte[] before = Files.readAllBytes(text);
    assertThatThrownBy(() -> Store.open(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("notes.db")
        .hasMessageContaining("--data");
    assertThat(Files.readAllBytes(text)).isEqualTo(before);

    Path foreign = folder.resolve("foreign.db");
    sql(foreign, "CREATE TABLE conversations (a)");
    byte[] theirs = Files.readAllBytes(foreign);
    assertThatThrownBy(() -> Store.open(foreign)).hasMessageContaining("another program's");
    assertThat(Files.readAllBytes(foreign)).isEqualTo(theirs);
  }

  @Test
  void aNewerOneIsRefused() throws Exception {
    store.close();
    sql(file, "PRAGMA user_version = 99");
    assertThatThrownBy(() -> Store.open(file)).hasMessageContaining("newer Hadal");
    sql(file, "PRAGMA user_version = 1");
    store = Store.open(file);
  }

  @Test
  void aDamagedOneIsRefusedAndLeftAsItIs() throws Exception {
    for (int i = 0; i < 50; i++) {
      talk("T" + i, "word ".repeat(500));
    }
    store.close();
    byte[] whole = Files.readAllBytes(file);
    byte[] broken = whole.clone();
    for (int i = 4096; i < broken.length; i++) {
      broken[i] = (byte) (i * 31);
    }
    Files.write(file, broken);
    assertThatThrownBy(() -> Store.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
    assertThat(Files.readAllBytes(file)).isEqualTo(broken);
    Files.write(file, whole);
    store = Store.open(file);
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "a file");
    assertThatThrownBy(() -> Store.open(taken.resolve("hadal.db")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("--data");
  }

  @Test
  void nobodyElseReadsIt() throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void votesCount() {
    duel("a", "b", "a");
    duel("b", "a", "a");
    duel("a", "c", "tie");
    assertThat(store.comparisons().tally())
        .containsExactly(
            new Comparison.Tally("a", 1, 1, 1),
            new Comparison.Tally("b", 1, 1, 0),
            new Comparison.Tally("c", 0, 0, 1));
  }

  private void duel(String modelA, String modelB, String winner) {
    Message a = Message.answer(null, null, 1, modelA);
    Message b = Message.answer(null, null, 1, modelB);
    Comparison made =
        new Comparison(
            Wire.id("x"),
            1,
            "Why?",
            List.of(),
            "",
            Sampling.DEFAULT,
            "general",
            true,
            modelA,
            modelB,
            a.id(),
            b.id(),
            null);
    store.comparisons().add(made, a, b);
    Comparison.Vote vote = new Comparison.Vote(winner, "math", 2);
    assertThat(store.comparisons().vote(made.id(), vote)).isTrue();
    assertThat(store.comparisons().vote(made.id(), vote)).isFalse();
    assertThat(store.comparisons().ofAnswer(b.id()).orElseThrow().isOpen()).isTrue();
  }

  private List<String> found(String query) {
    return store.conversations().search(query, 50, "").hits().stream()
        .map(hit -> hit.conversation().id())
        .toList();
  }

  private Conversation at(String title, long now) {
    return store.conversations().add(Conversation.begun(now, title, null, null, Settings.DEFAULT));
  }

  private Conversation talk(String title, String... turns) {
    Conversation made = at(title, 1);
    List<Message> messages = new ArrayList<>();
    for (String turn : turns) {
      String parent = messages.isEmpty() ? null : messages.getLast().id();
      messages.add(
          messages.size() % 2 == 0
              ? Message.user(made.id(), parent, 1, turn, List.of())
              : Message.answer(made.id(), parent, 1, "tiny")
                  .withText(turn, "")
                  .ended("done", "stop", null, null, null, null));
    }
    return store
        .messages()
        .add(made.id(), messages, c -> c.withLeaf(messages.getLast().id()))
        .orElseThrow();
  }

  private void reopen() throws IOException {
    store.close();
    store = Store.open(file);
  }

  private void reopenIn(Duration time) throws IOException {
    store.close();
    store = Store.open(file, () -> java.time.Instant.now().plus(time));
  }

  private static void sql(Path database, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
