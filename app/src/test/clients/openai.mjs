// The openai package against a running server: node openai.mjs http://127.0.0.1:8080
// Says "ok" at its end; anything else is a failure.

import assert from "node:assert/strict";
import OpenAI, {NotFoundError, BadRequestError} from "openai";

const client = new OpenAI({baseURL: process.argv[2] + "/v1", apiKey: "any", maxRetries: 0});
const model = "tiny";
const messages = [{role: "user", content: "Once upon a time"}];

const models = await client.models.list();
assert.ok(models.data.some(m => m.id === model));

const whole = await client.chat.completions.create({model, messages, max_tokens: 12, seed: 1});
assert.equal(whole.choices[0].message.role, "assistant");
assert.equal(whole.choices[0].finish_reason, "length");
assert.equal(whole.usage.completion_tokens, 12);

let text = "";
let usage = null;
const stream = await client.chat.completions.create({
    model, messages, max_tokens: 12, seed: 1, stream: true, stream_options: {include_usage: true}
});
for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
}
assert.equal(text, whole.choices[0].message.content);
assert.equal(usage.completion_tokens, 12);

const runner = client.chat.completions.stream({model, messages, max_tokens: 8});
assert.equal((await runner.finalChatCompletion()).choices[0].finish_reason, "length");

const gone = await client.chat.completions.create({model, messages, stream: true, max_tokens: 200});
for await (const chunk of gone) {
    assert.ok(chunk.id);
    gone.controller.abort(); // a client that hangs up
}

const formed = await client.chat.completions.create({
    model, messages, max_tokens: 60,
    response_format: {
        type: "json_schema",
        json_schema: {
            name: "answer",
            schema: {
                type: "object", additionalProperties: false, required: ["yes", "count"],
                properties: {yes: {type: "boolean"}, count: {type: "integer", minimum: 0, maximum: 9}}
            }
        }
    }
});
const value = JSON.parse(formed.choices[0].message.content);
assert.equal(typeof value.yes, "boolean");
assert.ok(value.count >= 0 && value.count <= 9);

const response = await client.responses.create({model, input: "Once upon a time", max_output_tokens: 8, seed: 1});
assert.equal(response.status, "incomplete");
assert.equal(response.usage.output_tokens, 8);
assert.ok(response.output_text.length > 0);
const next = await client.responses.create({
    model, input: "And then", previous_response_id: response.id, max_output_tokens: 4
});
assert.ok(next.usage.input_tokens > response.usage.input_tokens);
let said = "";
let last = null;
for await (const event of await client.responses.create({
    model, input: "Once upon a time", max_output_tokens: 8, seed: 1, stream: true
})) {
    said += event.type === "response.output_text.delta" ? event.delta : "";
    last = event;
}
assert.equal(said, response.output_text);
assert.equal(last.type, "response.incomplete");
assert.equal((await client.responses.retrieve(response.id)).id, response.id);
await client.responses.delete(response.id);
await assert.rejects(client.responses.retrieve(response.id), NotFoundError);

const completion = await client.completions.create({model, prompt: "The sea", max_tokens: 5, logprobs: 2});
assert.equal(completion.choices[0].logprobs.tokens.length, 5);

const embedding = await client.embeddings.create({model, input: ["one", "two"]});
assert.equal(embedding.data.length, 2);
assert.ok(Math.abs(Math.hypot(...embedding.data[0].embedding) - 1) < 1e-3);

await assert.rejects(client.chat.completions.create({model: "nobody", messages}), NotFoundError);
await assert.rejects(client.chat.completions.create({model, messages, temperature: 99}), BadRequestError);

console.log("ok");
