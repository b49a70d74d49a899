package dev.hadal.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The built-in model with a chat template in it: what it answers is a story, as ever. */
public final class TinyChat {
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
          + "{% if add_generation_prompt %}{{ opening | default('Once') }}{% endif %}";

  private TinyChat() {}

  public static Path in(Path folder) throws IOException {
    return in(folder, TEMPLATE);
  }

  public static Path in(Path folder, String template) throws IOException {
    ByteBuffer model =
        ByteBuffer.wrap(Files.readAllBytes(Tiny.file())).order(ByteOrder.LITTLE_ENDIAN);
    byte[] key = "tokenizer.chat_template".getBytes(StandardCharsets.UTF_8);
    byte[] plain = template.getBytes(StandardCharsets.UTF_8);
    // The data begins at a multiple of 32: a comment fills the entry up to one.
    int rest = 31 & -(8 + key.length + 4 + 8 + plain.length + 4);
    byte[] text = (template + "{#" + "-".repeat(rest) + "#}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer changed =
        ByteBuffer.allocate(model.capacity() + 20 + key.length + text.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    changed.put(model.slice(0, 16)).putLong(model.getLong(16) + 1);
    changed.putLong(key.length).put(key).putInt(8).putLong(text.length).put(text);
    changed.put(model.slice(24, model.capacity() - 24));
    return Files.write(folder.resolve("tiny-chat.gguf"), changed.array());
  }
}
