package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Asks the server that application.properties names. */
@SpringBootApplication
public class StoryApplication {
  public static void main(String[] args) {
    try (var context = SpringApplication.run(StoryApplication.class, args)) {
      System.out.println(context.getBean(Storyteller.class).tell("Once upon a time"));
    }
  }
}
