import { computed, signal } from '@preact/signals';
import { api, type Changes } from '../api/client.ts';
import { on } from '../api/events.ts';
import { failureOf } from '../api/http.ts';
import type { Conversation, Failure } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { go, route } from './route.ts';
import { toast, toastFailure } from './toasts.ts';

const all = signal<ReadonlyMap<string, Conversation>>(new Map());
export const listFailure = signal<Failure | null>(null);
export const listRead = signal(false);
const more = signal<string | null>(null);
export const hasMore = computed(() => more.value !== null);

export const conversations = computed(() =>
  [...all.value.values()].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated),
);

export function conversationOf(id: string | null): Conversation | undefined {
  return id === null ? undefined : all.value.get(id);
}

export function keepConversation(conversation: Conversation): void {
  const { match: _, ...bare } = conversation;
  all.value = new Map(all.value).set(bare.id, bare);
}

function drop(id: string): void {
  const next = new Map(all.value);
  if (next.delete(id)) all.value = next;
}

export async function readList(): Promise<void> {
  try {
    const page = await api.conversations('', null);
    all.value = new Map(page.conversations.map((c) => [c.id, c]));
    more.value = page.next;
    listFailure.value = null;
  } catch (error) {
    listFailure.value = failureOf(error);
  } finally {
    listRead.value = true;
  }
}

export async function readMore(): Promise<void> {
  if (more.value === null) return;
  const before = more.value;
  more.value = null;
  try {
    const page = await api.conversations('', before);
    all.value = new Map([...all.value, ...page.conversations.map((c) => [c.id, c] as const)]);
    more.value = page.next;
  } catch (error) {
    more.value = before;
    toastFailure(error);
  }
}

/** Changes at once on the page, and takes it back if the server refuses. */
export async function change(id: string, changes: Changes): Promise<void> {
  const before = all.value.get(id);
  if (before) keepConversation({ ...before, ...changes });
  try {
    keepConversation(await api.change(id, changes));
  } catch (error) {
    if (before) keepConversation(before);
    toastFailure(error);
  }
}

export async function remove(id: string): Promise<void> {
  const before = all.value.get(id);
  drop(id);
  if (route.value.view === 'chat' && route.value.id === id) go({ view: 'chat', id: null });
  try {
    await api.remove(id);
    toast({ text: t('list.deleted', { title: before?.title || t('list.untitled') }), action: t('undo'), onAction: () => void restore(id) });
  } catch (error) {
    if (before) keepConversation(before);
    toastFailure(error);
  }
}

async function restore(id: string): Promise<void> {
  try {
    keepConversation(await api.restore(id));
    go({ view: 'chat', id });
  } catch (error) {
    toastFailure(error);
  }
}

export async function importFile(file: File): Promise<void> {
  try {
    const { conversations: made } = await api.import(await file.text(), /\.(md|markdown)$/i.test(file.name));
    made.forEach(keepConversation);
    toast({ text: t('list.imported', { n: made.length }) });
    if (made[0]) go({ view: 'chat', id: made[0].id });
  } catch (error) {
    toastFailure(error, file.name);
  }
}

on('conversation', keepConversation);
on('conversation_removed', ({ id }) => drop(id));
