import { signal } from '@preact/signals';
import type { Comparison, Conversation, Delta, Message, Model, Preset, Pull, Stats, Status } from './types.ts';

export interface Events {
  hello: { version: string; instance: string; time: number };
  message: Message;
  delta: Delta;
  status: Status;
  conversation: Conversation;
  conversation_removed: { id: string };
  models: { models: Model[] };
  pull: Pull;
  presets: { presets: Preset[] };
  comparison: Comparison;
  stats: Stats;
}

type Name = keyof Events;
type Listener<N extends Name> = (data: Events[N]) => void;

/** `line` is what the page knows of the stream: not yet, open, or lost and being tried again. */
export const line = signal<'new' | 'open' | 'lost'>('new');

const SILENCE_MS = 5_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

const listeners = new Map<Name, Listener<never>[]>();
let source: EventSource | null = null;
let wait = FIRST_WAIT_MS;
let watchdog: ReturnType<typeof setTimeout> | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

export function on<N extends Name>(name: N, listener: Listener<N>): void {
  listeners.set(name, [...(listeners.get(name) ?? []), listener as Listener<never>]);
}

/** Opens the stream, once all listeners are there. Every connection begins with `hello`, which says: read anew. */
export function connect(): void {
  clearTimeout(retry);
  source?.close();
  const opened = new EventSource('/hadal/v1/events');
  source = opened;
  opened.onerror = () => opened === source && lost();
  for (const [name, all] of listeners) {
    opened.addEventListener(name, (event) => {
      if (opened !== source) return;
      heard();
      const data = JSON.parse((event as MessageEvent<string>).data) as never;
      for (const listener of all) listener(data);
    });
  }
  listen();
}

function heard(): void {
  line.value = 'open';
  wait = FIRST_WAIT_MS;
  listen();
}

// A laptop that slept, a proxy that forgot: the connection looks open and nothing comes. The server speaks each second.
function listen(): void {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, SILENCE_MS);
}

function lost(): void {
  clearTimeout(watchdog);
  source?.close();
  source = null;
  line.value = 'lost';
  retry = setTimeout(connect, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

export function reconnectNow(): void {
  wait = FIRST_WAIT_MS;
  connect();
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => line.value === 'lost' && reconnectNow());
  document.addEventListener('visibilitychange', () => !document.hidden && line.value === 'lost' && reconnectNow());
}
