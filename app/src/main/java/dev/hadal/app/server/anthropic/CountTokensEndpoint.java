package dev.hadal.app.server.anthropic;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import tools.jackson.databind.json.JsonMapper;

/** POST /v1/messages/count_tokens: how long the prompt of these messages is. */
final class CountTokensEndpoint implements Handler {
  @Override
  public void handle(Call call) {
    Fields fields = call.fields();
    Hadal model = call.lease(fields.requiredText("model")).model();
    String rendered = model.template().render(Conversation.read(fields));
    call.json(
        JsonMapper.shared()
            .createObjectNode()
            .put("input_tokens", model.encodePrompt(rendered).length));
  }
}
