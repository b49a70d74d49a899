package dev.hadal.app.server.extras;

import dev.hadal.Hadal;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.ChatBody;
import dev.hadal.app.server.answer.ModelField;
import dev.hadal.chat.ChatRequest;

/** POST /apply-template: the text that the model would go on from. Source: llama.cpp's server. */
final class ApplyTemplateEndpoint implements Handler {
  @Override
  public void handle(Call call) {
    Fields fields = call.fields();
    ChatRequest request = ChatBody.read(fields);
    Hadal model = call.lease(ModelField.read(call, fields)).model();
    call.json(Extras.object().put("prompt", model.template().render(request)));
  }
}
