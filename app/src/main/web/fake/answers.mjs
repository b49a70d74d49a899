import { answerTo, thinkingOf } from './canned.mjs';
import { newId } from './state.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers that go on without a page. */
export class Answers {
  constructor(state) {
    this.state = state;
  }

  start({ conversation = null, parent = null, prompt, model, thinking = null, hideModel = false }) {
    const message = this.state.addMessage({
      conversation, parent, role: 'assistant', model: hideModel ? null : model, state: 'running', stage: 'queued',
    });
    Object.defineProperty(message, '$model', { value: model, writable: true });
    Object.defineProperty(message, '$count', { value: 0, writable: true });
    this.state.tell('message', message);
    this.#run(message, prompt, thinking).catch((error) => console.error(error));
    return message;
  }

  stop(message) {
    if (message.state === 'running') this.#end(message, 'stopped', 'cancelled');
    return message;
  }

  async #run(message, prompt, thinking) {
    const { state } = this;
    const model = state.models.get(message.$model);
    if (model.state !== 'loaded') {
      for (let i = 0; i <= 10 && message.state === 'running'; i++) {
        Object.assign(model, { state: 'loading', progress: i / 10 });
        state.tellModels();
        this.#status(message, 'loading', { progress: i / 10 });
        await sleep(120);
      }
      Object.assign(model, { state: 'loaded', progress: null, memory_bytes: Math.round(model.size_bytes * 1.3) });
    }
    model.answering++;
    state.tellModels();
    try {
      await this.#generate(message, prompt, thinking ?? model.thinking);
    } finally {
      model.answering--;
      state.tellModels();
    }
  }

  async #generate(message, prompt, thinking) {
    for (let i = 0; i <= 4 && message.state === 'running'; i++) {
      this.#status(message, 'prompt', { progress: i / 4 });
      await sleep(60);
    }
    if (/fail/.test(prompt)) {
      message.error = { code: 'context_full', message: 'the prompt has 41,200 tokens, the model reads 40,960', hint: 'Start a new conversation, or edit an earlier message.', param: null };
      return this.#end(message, 'error', 'error');
    }
    const began = Date.now();
    if (thinking) {
      await this.#emit(message, 'thinking', thinkingOf(prompt), began);
      message.thinking_ms = Date.now() - began;
    }
    await this.#emit(message, 'content', answerTo(prompt), began);
    if (message.state === 'running') this.#end(message, 'done', 'stop');
  }

  async #emit(message, field, text, began) {
    const tokens = text.match(/\s?[\p{L}\p{N}]{1,6}|[\s\S]/gu) ?? [];
    const stage = field === 'content' ? 'answer' : 'thinking';
    const start = Date.now();
    let sent = 0;
    let lastStatus = 0;
    while (sent < tokens.length && message.state === 'running') {
      const due = Math.min(tokens.length, Math.ceil(((Date.now() - start) / 1000) * this.state.rate) + 1);
      if (due > sent) {
        const piece = tokens.slice(sent, due).join('');
        const offset = message[field].length;
        message[field] += piece;
        message.$count += due - sent;
        sent = due;
        this.state.tell('delta', { message: message.id, [field]: [offset, piece] });
      }
      if (Date.now() - lastStatus > 250) {
        lastStatus = Date.now();
        this.#status(message, stage, { thinking_ms: stage === 'thinking' ? Date.now() - began : message.thinking_ms, tokens_per_second: this.state.rate });
      }
      await sleep(25);
    }
  }

  #status(message, stage, fields) {
    message.stage = stage;
    message.progress = fields.progress ?? null;
    this.state.tell('status', {
      message: message.id, stage, progress: null, queue_position: null, thinking_ms: null, completion_tokens: message.$count, prompt_tokens: 31,
      tokens_per_second: null, ...fields,
    });
  }

  #end(message, state, finishReason) {
    Object.assign(message, {
      state, stage: null, progress: null, finish_reason: finishReason,
      usage: { prompt_tokens: 31, cached_tokens: 16, completion_tokens: message.$count, thinking_tokens: Math.round(message.thinking.length / 4) },
      timings: { queue_ms: 0, first_token_ms: 240, prompt_tokens_per_second: 130.5, tokens_per_second: this.state.rate },
    });
    this.state.tell('message', message);
    const conversation = this.state.conversations.get(message.conversation);
    if (conversation) this.state.changed(conversation);
  }

  /** Pulls are as unhurried as a real line. */
  pull(name) {
    const { state } = this;
    const pull = { id: newId('p'), name, state: 'resolving', done_bytes: 0, total_bytes: null, bytes_per_second: null, started: Date.now(), error: null };
    state.pulls.set(pull.id, pull);
    this.#fetch(pull).catch((error) => console.error(error));
    return pull;
  }

  async #fetch(pull) {
    const { state } = this;
    const say = (fields) => state.tell('pull', Object.assign(pull, fields));
    say({});
    await sleep(400);
    if (/nothing/.test(pull.name)) {
      return say({ state: 'failed', error: { code: 'unknown_model', message: `no repository '${pull.name}' at Hugging Face`, hint: 'Check the spelling; private ones need HF_TOKEN.', param: null } });
    }
    say({ state: 'downloading', total_bytes: 639446688, bytes_per_second: 41534336 });
    while (pull.state === 'downloading' && pull.done_bytes < pull.total_bytes) {
      await sleep(250);
      if (pull.state !== 'downloading') return;
      say({ done_bytes: Math.min(pull.total_bytes, pull.done_bytes + 16e6), bytes_per_second: 38e6 + Math.random() * 6e6 });
    }
    if (pull.state !== 'downloading') return;
    say({ state: 'verifying' });
    await sleep(600);
    state.models.set(pull.name, {
      name: pull.name, label: pull.name.split('/').pop(), architecture: 'qwen3', parameters: 596049920, quantization: 'Q8_0', size_bytes: 639446688,
      context_length: 40960, modified: Date.now(), source: 'hub', state: 'idle', progress: null, memory_bytes: null, answering: 0, expires: null,
      pinned: false, error: null, thinking: true, default: state.models.size === 0, deletable: true,
    });
    say({ state: 'done' });
    state.tellModels();
  }
}
