import { signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { on } from '../api/events.ts';
import { failureOf } from '../api/http.ts';
import type { Failure, ServerFacts, Stats } from '../api/types.ts';

const KEPT = 300;

export const facts = signal<ServerFacts | null>(null);
export const serverFailure = signal<Failure | null>(null);
export const history = signal<Stats[]>([]);
export const now = signal<Stats | null>(null);

export async function readServer(): Promise<void> {
  try {
    const { history: before, ...rest } = await api.server();
    facts.value = { ...rest, history: [] };
    history.value = before.slice(-KEPT);
    serverFailure.value = null;
  } catch (error) {
    serverFailure.value = failureOf(error);
  }
}

on('stats', (stats) => {
  now.value = stats;
  history.value = [...history.value.slice(1 - KEPT), stats];
});
