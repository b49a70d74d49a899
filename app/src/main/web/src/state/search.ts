import { signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { failureOf } from '../api/http.ts';
import type { Conversation, Failure } from '../api/types.ts';

export const query = signal('');
export const found = signal<Conversation[] | null>(null);
export const searchFailure = signal<Failure | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Searches a moment after the last key; an answer that comes late for an older query is dropped. */
export function search(text: string): void {
  query.value = text;
  clearTimeout(timer);
  if (text.trim() === '') {
    found.value = null;
    searchFailure.value = null;
    return;
  }
  timer = setTimeout(async () => {
    try {
      const page = await api.conversations(text.trim(), null);
      if (query.value === text) found.value = page.conversations;
      searchFailure.value = null;
    } catch (error) {
      searchFailure.value = failureOf(error);
    }
  }, 120);
}
