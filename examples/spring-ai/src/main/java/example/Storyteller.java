package example;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;

/** What one does with a model: ask it, listen to it, get a value from it, let it call a method. */
@Service
public class Storyteller {
  private final ChatClient client;

  Storyteller(ChatClient.Builder builder) {
    client = builder.build();
  }

  /** The whole answer. */
  public String tell(String beginning) {
    return client.prompt(beginning).call().content();
  }

  /** The answer as it comes. */
  public Flux<String> listen(String beginning) {
    return client.prompt(beginning).stream().content();
  }

  /** Who a story is about. */
  public record Hero(Kind kind, boolean brave) {}

  /** What heroes are. */
  public enum Kind {
    CHILD,
    CAT,
    DRAGON
  }

  /** The answer as a value: the server holds the model to the record's JSON Schema. */
  public Hero hero(String story) {
    return client
        .prompt(story)
        .call()
        .entity(Hero.class, entity -> entity.useProviderStructuredOutput());
  }

  /** The answer of a model that may look at a thermometer first. */
  public String weather(String question) {
    return client.prompt(question).tools(new Thermometer()).call().content();
  }

  static class Thermometer {
    @Tool(description = "How warm a city is, in degrees")
    int weather(String city) {
      return city.equals("Oslo") ? 20 : 25;
    }
  }
}
