import { computed, signal } from '@preact/signals';
import type { Changes } from '../api/client.ts';
import type { Preset, Settings } from '../api/types.ts';
import { change, conversationOf } from './conversations.ts';
import { defaultModel, modelOf } from './models.ts';
import { lastModel } from './prefs.ts';
import { threadId } from './thread.ts';

type Chosen = Settings & { model: string | null; preset: string | null };

const BLANK: Chosen = { system: '', thinking: null, sampling: {}, model: null, preset: null };

/** What a conversation that does not exist yet will begin with. */
const fresh = signal<Chosen>(BLANK);

/** How the open conversation, or the next one, is answered. */
export const settings = computed<Chosen>(() => {
  const chosen: Chosen = conversationOf(threadId.value) ?? fresh.value;
  return chosen.model ? chosen : { ...chosen, model: modelOf(lastModel.value)?.name ?? defaultModel.value };
});

export function choose(changes: Partial<Chosen>): void {
  if (changes.model) lastModel.value = changes.model;
  const id = threadId.peek();
  if (id === null) fresh.value = { ...fresh.value, ...changes };
  else void change(id, changes as Changes);
}

export function follow(preset: Preset | null): void {
  choose(preset ? { preset: preset.id, system: preset.system, thinking: preset.thinking, sampling: preset.sampling } : { preset: null, system: '', thinking: null, sampling: {} });
}

export function startAfresh(): void {
  fresh.value = BLANK;
}
