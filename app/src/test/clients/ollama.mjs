// The ollama package against a running server: node ollama.mjs http://127.0.0.1:8080
// Says "ok" at its end; anything else is a failure.

import assert from "node:assert/strict";
import {Ollama} from "ollama";

const client = new Ollama({host: process.argv[2]});
const model = "tiny";
const messages = [{role: "user", content: "Once upon a time"}];
const options = {num_predict: 8, temperature: 0};

const {models} = await client.list();
assert.equal(models[0].name, "tiny:latest");
assert.ok(models[0].details.parameter_size.length > 0);

const whole = await client.chat({model, messages, options});
assert.equal(whole.message.role, "assistant");
assert.equal(whole.done_reason, "length");
assert.equal(whole.eval_count, 8);
assert.ok(whole.total_duration > 0);

let text = "";
let last = null;
for await (const part of await client.chat({model, messages, options, stream: true})) {
    text += part.message.content;
    last = part;
}
assert.equal(text, whole.message.content);
assert.equal(last.eval_count, 8);

for await (const part of await client.chat({model, messages, stream: true})) {
    assert.equal(part.done, false);
    break; // a client that has heard enough
}
client.abort();

const formed = await client.chat({
    model, messages, options: {num_predict: 60},
    format: {type: "object", properties: {n: {type: "integer", minimum: 0, maximum: 9}}, required: ["n"]}
});
assert.ok(Number.isInteger(JSON.parse(formed.message.content).n));

const first = await client.generate({model: "tiny:latest", prompt: "Once upon a time", options});
assert.ok(first.response.length > 0);
const next = await client.generate({model, prompt: "And then", context: first.context, options});
assert.ok(next.prompt_eval_count > first.context.length);

const vectors = await client.embed({model, input: ["one", "two"]});
assert.equal(vectors.embeddings.length, 2);
assert.ok(Math.abs(Math.hypot(...vectors.embeddings[0]) - 1) < 1e-3);

const shown = await client.show({model});
assert.ok(shown.capabilities.includes("completion"));
assert.equal(shown.model_info["general.architecture"], "llama");

assert.equal((await client.ps()).models[0].name, "tiny:latest");
assert.match((await client.version()).version, /^\d+\.\d+\.\d+$/);

await assert.rejects(client.chat({model: "nobody", messages}), error => error.status_code === 404);
await assert.rejects(
    client.chat({model, messages: [{role: "user", content: "?", images: ["aGk="]}]}),
    error => error.status_code === 400 && error.message.includes("images"));
await assert.rejects(client.delete({model}), error => error.message.includes("was not pulled"));
await assert.rejects(client.create({model: "mine", from: model}), error => error.message.includes("not supported here"));

console.log("ok");
