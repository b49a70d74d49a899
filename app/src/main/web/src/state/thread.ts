import { computed, signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { on } from '../api/events.ts';
import { failureOf } from '../api/http.ts';
import type { Attachment, Failure, Message, Settings } from '../api/types.ts';
import { branch, leafBelow, type Node } from '../text/tree.ts';
import { change, conversationOf, keepConversation } from './conversations.ts';
import { keep, messageOf, onGap } from './messages.ts';
import { go } from './route.ts';
import { toastFailure } from './toasts.ts';

/** The open conversation's tree; the messages' text is in messages.ts. */
const tree = signal<{ id: string; nodes: Node[] } | null>(null);
export const threadFailure = signal<Failure | null>(null);

export const steps = computed(() => {
  const open = tree.value;
  return open ? branch(open.nodes, conversationOf(open.id)?.leaf ?? null) : [];
});

export const lastMessage = computed(() => {
  const id = steps.value.at(-1)?.id;
  return id === undefined ? undefined : messageOf(id)?.value;
});

export const answering = computed(() => lastMessage.value?.state === 'running');

export const threadId = computed(() => tree.value?.id ?? null);

/** Reads a conversation; null is a new one. Reading the open one again brings it up to date without a blink. */
export async function open(id: string | null): Promise<void> {
  threadFailure.value = null;
  if (id === null) {
    tree.value = null;
    return;
  }
  if (tree.peek()?.id !== id) tree.value = { id, nodes: [] };
  try {
    const { messages, ...conversation } = await api.conversation(id);
    if (tree.peek()?.id !== id) return;
    messages.forEach(keep);
    keepConversation(conversation);
    tree.value = { id, nodes: messages.map(nodeOf) };
  } catch (error) {
    if (tree.peek()?.id === id) threadFailure.value = failureOf(error);
  }
}

const nodeOf = ({ id, parent }: Message): Node => ({ id, parent });

function add(message: Message): void {
  const open = tree.peek();
  if (!open || open.id !== message.conversation || open.nodes.some((node) => node.id === message.id)) return;
  tree.value = { id: open.id, nodes: [...open.nodes, nodeOf(message)] };
}

export interface Draft {
  content: string;
  attachments: Attachment[];
}

/** Sends below `parent` (undefined: below what is shown) and throws what the server says against it. */
export async function send(draft: Draft, parent?: string | null, newSettings?: Partial<Settings> & { model?: string | null; preset?: string | null }): Promise<void> {
  let id = tree.peek()?.id ?? null;
  const fresh = id === null;
  if (id === null) {
    const { model, ...others } = newSettings ?? {};
    const conversation = await api.create(model ? { ...others, model } : others);
    keepConversation(conversation);
    id = conversation.id;
  }
  const below = parent === undefined ? (steps.peek().at(-1)?.id ?? null) : parent;
  const made = await api.answer(id, { parent: below, content: draft.content, attachments: draft.attachments }).catch((error: unknown) => {
    if (fresh && id !== null) void api.remove(id).catch(() => undefined);
    throw error;
  });
  if (fresh) tree.value = { id, nodes: [] };
  took(made);
  if (fresh) go({ view: 'chat', id }, true);
}

export async function regenerate(answer: Message): Promise<void> {
  if (answer.conversation === null || answer.parent === null) return;
  try {
    took(await api.answer(answer.conversation, { parent: answer.parent, content: null }));
  } catch (error) {
    toastFailure(error);
  }
}

function took({ user, answer, conversation }: Awaited<ReturnType<typeof api.answer>>): void {
  for (const message of [user, answer]) {
    if (!message) continue;
    keep(message);
    add(message);
  }
  keepConversation(conversation);
}

export async function stop(message: Message): Promise<void> {
  try {
    keep(await api.stop(message.id));
  } catch (error) {
    toastFailure(error);
  }
}

/** Shows the branch that goes through `id`. */
export function show(id: string): void {
  const open = tree.peek();
  if (open) void change(open.id, { leaf: leafBelow(open.nodes, id) });
}

on('message', add);
onGap((message) => {
  if (message.conversation !== null && message.conversation === tree.peek()?.id) void open(message.conversation);
});
