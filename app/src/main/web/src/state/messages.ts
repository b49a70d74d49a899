import { signal, type Signal } from '@preact/signals';
import { on } from '../api/events.ts';
import type { Delta, Message, Status } from '../api/types.ts';
import { apply } from '../text/delta.ts';

/** Every message the page knows, each its own signal: a token redraws one message and nothing else. */
const known = new Map<string, Signal<Message>>();
const statuses = new Map<string, Signal<Status | null>>();
const gapListeners: ((message: Message) => void)[] = [];

export function messageOf(id: string): Signal<Message> | undefined {
  return known.get(id);
}

export function statusOf(id: string): Signal<Status | null> {
  let status = statuses.get(id);
  if (!status) statuses.set(id, (status = signal<Status | null>(null)));
  return status;
}

export function keep(message: Message): Signal<Message> {
  const old = known.get(message.id);
  if (!old) {
    const made = signal(message);
    known.set(message.id, made);
    return made;
  }
  // A list that was read while tokens came may hold less than the stream has brought since; what has ended never runs again.
  const { state, content, thinking } = old.peek();
  const behind = message.state === 'running' && (state !== 'running' || content.length + thinking.length > message.content.length + message.thinking.length);
  if (!behind) {
    old.value = message;
    pending.delete(message.id);
  }
  return old;
}

/** Called when a message has missed a piece and has to be read anew. */
export function onGap(listener: (message: Message) => void): void {
  gapListeners.push(listener);
}

// Tokens come faster than frames: what came since the last frame is shown with the next one.
const pending = new Map<string, Message>();
let scheduled = false;

function receive(delta: Delta): void {
  const held = pending.get(delta.message) ?? known.get(delta.message)?.peek();
  if (!held || held.state !== 'running') return;
  const next = apply(held, delta);
  if (next === null) {
    for (const listener of gapListeners) listener(held);
    return;
  }
  pending.set(delta.message, next);
  if (scheduled) return;
  scheduled = true;
  if (document.hidden) setTimeout(flush, 200);
  else requestAnimationFrame(flush);
}

function flush(): void {
  scheduled = false;
  for (const [id, message] of pending) {
    const held = known.get(id);
    if (held) held.value = message;
  }
  pending.clear();
}

on('message', (message) => {
  keep(message);
  if (message.state !== 'running') statusOf(message.id).value = null;
});
on('delta', receive);
on('status', (status) => (statusOf(status.message).value = status));
