import { newId } from './state.mjs';
import { fromMarkdown, toMarkdown } from './markdown.mjs';

const accepted = (json) => ({ $: { status: 202, json } });
const made = (json) => ({ $: { status: 201, json } });
const download = (text, name, type) => ({ $: { text, headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } } });
const pick = (body, ...names) => Object.fromEntries(names.filter((n) => n in body).map((n) => [n, body[n]]));
const SETTINGS = ['model', 'preset', 'system', 'thinking', 'sampling'];

/** [method, path, handler]; a handler's result is the answer, undefined is 204. */
export function routes(state, answers) {
  const known = (map, id, what) => map.get(id) ?? state.refuse(404, `unknown_${what}`, `no ${what} '${id}'`);
  const model = (name) => known(state.models, name, 'model');
  const alive = () => [...state.conversations.values()].filter((c) => !c.$deleted);
  const exported = (c) => ({ ...state.bare(c), messages: state.messagesOf(c.id) });

  return [
    ['GET', /^\/session$/, ({ session }) => ({ key_required: session.key !== null, signed_in: session.signedIn })],
    ['POST', /^\/session$/, ({ body, session }) => {
      if (body.key !== session.key) state.refuse(403, 'wrong_key', 'this key is not one of the server\'s', 'Keys are given to hadal serve with --api-key.');
      return { $: { json: { key_required: true, signed_in: true }, headers: { 'Set-Cookie': 'hadal_session=yes; HttpOnly; SameSite=Strict; Path=/hadal' } } };
    }],

    ['GET', /^\/conversations$/, ({ query }) => list(state, alive(), query)],
    ['POST', /^\/conversations$/, ({ body }) => made(state.changed(state.create(pick(body, 'title', ...SETTINGS))))],
    ['GET', /^\/conversations\/([^/]+)$/, ({ id }) => exported(state.conversation(id))],
    ['PATCH', /^\/conversations\/([^/]+)$/, ({ id, body }) => state.changed(Object.assign(state.conversation(id), pick(body, 'title', 'pinned', 'leaf', ...SETTINGS)))],
    ['DELETE', /^\/conversations\/([^/]+)$/, ({ id }) => {
      state.conversation(id).$deleted = true;
      state.tell('conversation_removed', { id });
    }],
    ['POST', /^\/conversations\/([^/]+)\/restore$/, ({ id }) => {
      const conversation = known(state.conversations, id, 'conversation');
      delete conversation.$deleted;
      return state.changed(conversation);
    }],
    ['GET', /^\/conversations\/([^/]+)\/export$/, ({ id, query }) => {
      const whole = exported(state.conversation(id));
      if (query.get('format') === 'markdown') return download(toMarkdown(whole), `${whole.title}.md`, 'text/markdown; charset=utf-8');
      return download(JSON.stringify({ format: 'hadal-conversations', version: 1, conversations: [whole] }), `${whole.title}.json`, 'application/json');
    }],
    ['GET', /^\/export$/, () => download(JSON.stringify({ format: 'hadal-conversations', version: 1, conversations: alive().map(exported) }), 'hadal.json', 'application/json')],
    ['POST', /^\/import$/, ({ body }) => {
      const conversations = typeof body === 'string' ? [fromMarkdown(body)] : body.conversations;
      if (!Array.isArray(conversations)) state.refuse(400, 'bad_request', 'this is not an export of Hadal: "conversations" is missing', 'Export one to see the form.');
      return made({ conversations: conversations.map((c) => imported(state, c)) });
    }],

    ['POST', /^\/conversations\/([^/]+)\/answers$/, ({ id, body }) => {
      const conversation = state.conversation(id);
      if (body.model) conversation.model = model(body.model).name;
      if (!conversation.model) state.refuse(404, 'unknown_model', 'there is no model yet', 'Pull one under Models.');
      let user = null;
      if (body.content !== null && body.content !== undefined) {
        user = state.addMessage({ conversation: id, parent: body.parent, content: body.content, attachments: body.attachments ?? [] });
        conversation.title ||= body.content.split('\n')[0].slice(0, 60);
        state.tell('message', user);
      }
      const asked = user ?? known(state.messages, body.parent, 'message');
      const answer = answers.start({ conversation: id, parent: asked.id, prompt: asked.content, model: conversation.model, thinking: conversation.thinking });
      Object.assign(conversation, { leaf: answer.id, updated: Date.now() });
      return accepted({ user, answer, conversation: state.changed(conversation) });
    }],
    ['POST', /^\/answers\/([^/]+)\/stop$/, ({ id }) => answers.stop(known(state.messages, id, 'message'))],

    ['GET', /^\/models$/, () => ({
      models: [...state.models.values()],
      memory: { total_bytes: 25769803776, available_bytes: 9126805504, models_bytes: [...state.models.values()].reduce((n, m) => n + (m.memory_bytes ?? 0), 0) },
      disk: { free_bytes: 120e9, folder: '~/.cache/huggingface/hub' },
    })],
    ['POST', /^\/models\/load$/, ({ body }) => {
      const m = Object.assign(model(body.name), { state: 'loading', progress: 0.2 });
      state.tellModels();
      setTimeout(() => {
        Object.assign(m, { state: 'loaded', progress: null, memory_bytes: Math.round(m.size_bytes * 1.3) });
        state.tellModels();
      }, 1200);
      return accepted(m);
    }],
    ['POST', /^\/models\/unload$/, ({ body }) => {
      const m = model(body.name);
      if (m.answering) state.refuse(409, 'in_use', `${m.label} is answering`, 'Stop the answer, or wait until it ends.');
      Object.assign(m, { state: 'idle', memory_bytes: null });
      state.tellModels();
      return accepted(m);
    }],
    ['POST', /^\/models\/delete$/, ({ body }) => {
      state.models.delete(model(body.name).name);
      state.tellModels();
    }],
    ['GET', /^\/pulls$/, () => ({ pulls: [...state.pulls.values()] })],
    ['POST', /^\/pulls$/, ({ body }) => accepted(answers.pull(body.name))],
    ['POST', /^\/pulls\/([^/]+)\/cancel$/, ({ id }) => {
      const pull = Object.assign(known(state.pulls, id, 'pull'), { state: 'cancelled' });
      state.tell('pull', pull);
      return pull;
    }],
    ['DELETE', /^\/pulls\/([^/]+)$/, ({ id }) => {
      state.tell('pull', { ...known(state.pulls, id, 'pull'), state: 'dismissed' });
      state.pulls.delete(id);
    }],

    ['POST', /^\/comparisons$/, ({ body }) => {
      const names = body.blind && Math.random() < 0.5 ? [body.models[1], body.models[0]] : body.models;
      const sides = names.map((name, i) => ({
        side: 'ab'[i], model: body.blind ? null : model(name).name, $model: name,
        answer: answers.start({ prompt: body.prompt, model: model(name).name, hideModel: body.blind }),
      }));
      const comparison = { id: newId('x'), created: Date.now(), ...pick(body, 'prompt', 'attachments', 'system', 'sampling', 'category', 'blind'), sides, vote: null };
      state.comparisons.set(comparison.id, comparison);
      state.tell('comparison', shown(comparison));
      return accepted(shown(comparison));
    }],
    ['GET', /^\/comparisons$/, () => ({ comparisons: [...state.comparisons.values()].reverse().map(shown), tally: tally(state) })],
    ['GET', /^\/comparisons\/export$/, () => download([...state.comparisons.values()].filter((c) => c.vote).map((c) => JSON.stringify(c)).join('\n'), 'votes.jsonl', 'application/jsonl')],
    ['GET', /^\/comparisons\/([^/]+)$/, ({ id }) => shown(known(state.comparisons, id, 'comparison'))],
    ['POST', /^\/comparisons\/([^/]+)\/vote$/, ({ id, body }) => {
      const comparison = known(state.comparisons, id, 'comparison');
      if (comparison.vote) state.refuse(409, 'already_voted', 'this one has its vote');
      comparison.vote = { winner: body.winner, category: body.category, created: Date.now() };
      comparison.category = body.category;
      for (const side of comparison.sides) side.model = side.answer.model = side.$model;
      state.tell('comparison', shown(comparison));
      return shown(comparison);
    }],
    ['DELETE', /^\/comparisons\/([^/]+)$/, ({ id }) => void state.comparisons.delete(id)],

    ['GET', /^\/presets$/, () => presets(state)],
    ['POST', /^\/presets$/, ({ body }) => {
      const preset = { id: newId('s'), ...body };
      state.presets.set(preset.id, preset);
      state.tell('presets', presets(state));
      return made(preset);
    }],
    ['PUT', /^\/presets\/([^/]+)$/, ({ id, body }) => {
      const preset = Object.assign(known(state.presets, id, 'preset'), body);
      state.tell('presets', presets(state));
      return preset;
    }],
    ['DELETE', /^\/presets\/([^/]+)$/, ({ id }) => {
      state.presets.delete(id);
      state.tell('presets', presets(state));
    }],

    ['GET', /^\/server$/, ({ session }) => ({
      version: '0.2.0', instance: state.instance, started: state.started, java: '25.0.3', backend: 'jit', processor: 'AMD EPYC, AVX2', threads: 2,
      address: 'http://localhost:8090', key_required: session.key !== null, history: state.history,
    })],
    ['POST', /^\/fake\/hang-up$/, () => state.hangUp()],
  ];
}

function list(state, conversations, query) {
  const words = (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const conversation of conversations) {
    if (words.length === 0) found.push(state.bare(conversation));
    else {
      const hit = [{ id: null, content: conversation.title }, ...state.messagesOf(conversation.id)].find((m) => words.every((w) => m.content.toLowerCase().includes(w)));
      if (hit) found.push({ ...state.bare(conversation), match: snippet(hit, words) });
    }
  }
  found.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated);
  return { conversations: found, next: null };
}

function snippet(hit, words) {
  const at = hit.content.toLowerCase().indexOf(words[0]);
  const from = Math.max(0, at - 24);
  const text = (from > 0 ? '…' : '') + hit.content.slice(from, at + 60).replace(/\s/g, ' ');
  const start = text.toLowerCase().indexOf(words[0]);
  return { message: hit.id, snippet: text, ranges: [[start, start + words[0].length]] };
}

function imported(state, { messages = [], ...fields }) {
  const conversation = state.create({ title: fields.title, system: fields.system ?? '', leaf: null });
  const ids = new Map();
  for (const { id, ...message } of messages) {
    const copy = state.addMessage({ ...message, conversation: conversation.id, parent: ids.get(message.parent) ?? null, state: 'done' });
    ids.set(id, copy.id);
    conversation.leaf = copy.id;
  }
  return state.changed(conversation);
}

const shown = (comparison) => ({ ...comparison, sides: comparison.sides.map(({ $model, ...side }) => side) });
const presets = (state) => ({ presets: [...state.presets.values()].sort((a, b) => a.name.localeCompare(b.name)) });

function tally(state) {
  const rows = new Map();
  for (const { vote, sides } of state.comparisons.values()) {
    if (!vote) continue;
    for (const { side, model } of sides) {
      const row = rows.get(model) ?? { model, wins: 0, losses: 0, ties: 0 };
      rows.set(model, row);
      row[vote.winner === side ? 'wins' : vote.winner === 'a' || vote.winner === 'b' ? 'losses' : 'ties']++;
    }
  }
  return [...rows.values()].sort((a, b) => b.wins - a.wins);
}
