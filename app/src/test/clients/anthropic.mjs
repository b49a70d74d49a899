// The @anthropic-ai/sdk package against a running server: node anthropic.mjs http://127.0.0.1:8080
// Says "ok" at its end; anything else is a failure.

import assert from "node:assert/strict";
import Anthropic, {NotFoundError, BadRequestError} from "@anthropic-ai/sdk";

const client = new Anthropic({baseURL: process.argv[2], apiKey: "any", maxRetries: 0});
const model = "tiny";
const messages = [{role: "user", content: "Once upon a time"}];

const whole = await client.messages.create({model, messages, max_tokens: 8, temperature: 0});
assert.equal(whole.role, "assistant");
assert.equal(whole.stop_reason, "max_tokens");
assert.equal(whole.usage.output_tokens, 8);
assert.ok(whole.content[0].text.length > 0);

const stream = client.messages.stream({model, messages, max_tokens: 8, temperature: 0});
let text = "";
stream.on("text", delta => text += delta);
const last = await stream.finalMessage();
assert.equal(text, whole.content[0].text);
assert.equal(last.stop_reason, "max_tokens");
assert.equal(last.usage.output_tokens, 8);

const stopped = await client.messages.create({
    model, messages, max_tokens: 60, temperature: 0, stop_sequences: ["was"]
});
assert.equal(stopped.stop_reason, "stop_sequence");
assert.equal(stopped.stop_sequence, "was");

const count = await client.messages.countTokens({model, messages, system: "Be kind."});
assert.ok(count.input_tokens > 2);

await assert.rejects(client.messages.create({model: "nobody", messages, max_tokens: 1}), NotFoundError);
await assert.rejects(client.messages.create({
    model, max_tokens: 1,
    messages: [{role: "user", content: [{type: "image", source: {type: "url", url: "https://a.example/b.png"}}]}]
}), BadRequestError);

console.log("ok");
