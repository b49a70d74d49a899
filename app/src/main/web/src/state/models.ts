import { computed, signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { on } from '../api/events.ts';
import { failureOf } from '../api/http.ts';
import type { Failure, Model, Pull, Room } from '../api/types.ts';

export const models = signal<Model[]>([]);
export const modelsRead = signal(false);
export const modelsFailure = signal<Failure | null>(null);
export const room = signal<Room | null>(null);
export const pulls = signal<Pull[]>([]);

export const defaultModel = computed(() => (models.value.find((model) => model.default) ?? models.value[0])?.name ?? null);

export function modelOf(name: string | null): Model | undefined {
  return models.value.find((model) => model.name === name);
}

export const labelOf = (name: string | null): string => modelOf(name)?.label ?? name?.split('/').pop() ?? '';

export async function readModels(): Promise<void> {
  try {
    const [{ models: all, memory, disk }, pulling] = await Promise.all([api.models(), api.pulls()]);
    models.value = all;
    room.value = { memory, disk };
    pulls.value = pulling.pulls;
    modelsFailure.value = null;
  } catch (error) {
    modelsFailure.value = failureOf(error);
  } finally {
    modelsRead.value = true;
  }
}

export function keepPull(pull: Pull): void {
  const others = pulls.value.filter((one) => one.id !== pull.id);
  pulls.value = pull.state === 'dismissed' ? others : [...others, pull].sort((a, b) => a.started - b.started);
}

/** What the response to a request says of a pull. If an event told of it before, that is no older. */
export function keepAnswered(pull: Pull): void {
  if (!pulls.value.some((one) => one.id === pull.id)) keepPull(pull);
}

on('models', ({ models: all }) => (models.value = all));
on('pull', keepPull);
