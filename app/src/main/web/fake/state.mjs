import { canned } from './canned.mjs';

let last = 0;
export const newId = (prefix) => `${prefix}_${Date.now().toString(36)}${(last++).toString(36)}`;

/** Everything the server keeps, and who listens to it. */
export class State {
  conversations = new Map();
  messages = new Map();
  comparisons = new Map();
  presets = new Map();
  pulls = new Map();
  models = new Map();
  history = [];
  instance = newId('i');
  started = Date.now();
  #listeners = new Set();
  #eventId = 0;

  constructor({ empty, rate }) {
    this.rate = rate;
    if (!empty) canned(this);
    setInterval(() => this.beat(), 1000).unref();
  }

  stream(request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.#listeners.add(response);
    request.on('close', () => this.#listeners.delete(response));
    this.#send(response, 'hello', { version: '0.2.0', instance: this.instance, time: Date.now() });
    for (const message of this.messages.values()) if (message.state === 'running') this.#send(response, 'message', message);
  }

  tell(event, data) {
    for (const response of this.#listeners) this.#send(response, event, data);
  }

  /** For tests: every open line breaks. */
  hangUp() {
    for (const response of this.#listeners) response.destroy();
  }

  #send(response, event, data) {
    response.write(`id: ${++this.#eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  tellModels() {
    this.tell('models', { models: [...this.models.values()] });
  }

  conversation(id) {
    const conversation = this.conversations.get(id);
    if (!conversation || conversation.$deleted) this.refuse(404, 'unknown_conversation', `no conversation '${id}'`, 'It may have been deleted in another tab.');
    return conversation;
  }

  bare({ $deleted, ...conversation }) {
    const messages = this.messagesOf(conversation.id);
    return { ...conversation, messages_count: messages.length, running: messages.some((m) => m.state === 'running') };
  }

  messagesOf(id) {
    return [...this.messages.values()].filter((message) => message.conversation === id);
  }

  changed(conversation) {
    this.tell('conversation', this.bare(conversation));
    return this.bare(conversation);
  }

  create(fields = {}) {
    const now = Date.now();
    const conversation = {
      id: newId('c'), title: '', pinned: false, created: now, updated: now, model: this.defaultModel(), leaf: null,
      preset: null, system: '', thinking: null, sampling: {}, ...fields,
    };
    this.conversations.set(conversation.id, conversation);
    return conversation;
  }

  defaultModel() {
    return [...this.models.values()].find((m) => m.default)?.name ?? null;
  }

  addMessage(fields) {
    const message = {
      id: newId('m'), conversation: null, parent: null, role: 'user', created: Date.now(), content: '', thinking: '', attachments: [], model: null,
      state: 'done', stage: null, progress: null, finish_reason: null, error: null, thinking_ms: null, usage: null, timings: null, ...fields,
    };
    this.messages.set(message.id, message);
    return message;
  }

  beat() {
    const running = [...this.messages.values()].filter((m) => m.state === 'running');
    const t = Date.now() / 1000;
    const busy = running.length > 0;
    const stats = {
      time: Date.now(),
      prompt_tokens_per_second: busy ? 120 + 30 * Math.sin(t) : 0,
      tokens_per_second: busy ? this.rate * running.length * (0.95 + 0.05 * Math.sin(t * 2)) : 0,
      running: Math.min(2, running.length), waiting: Math.max(0, running.length - 2),
      kv_used_bytes: 2e8 + running.length * 1.2e8 + 1e7 * Math.sin(t / 9), kv_total_bytes: 1073741824,
      first_token_ms: 240 + 40 * Math.sin(t / 3), token_ms: 1000 / this.rate, memory_bytes: 2147483648,
      requests: running.map((m) => ({
        id: m.id, api: 'page', model: m.model ?? m.$model, state: m.stage, started: m.created, prompt_tokens: 31,
        completion_tokens: m.$count ?? 0, tokens_per_second: this.rate,
      })),
    };
    this.history.push({ ...stats, requests: [] });
    this.history.splice(0, this.history.length - 300);
    this.tell('stats', stats);
  }
}
