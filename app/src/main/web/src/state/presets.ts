import { signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { on } from '../api/events.ts';
import type { Preset } from '../api/types.ts';
import { toastFailure } from './toasts.ts';

export const presets = signal<Preset[]>([]);

export async function readPresets(): Promise<void> {
  try {
    presets.value = (await api.presets()).presets;
  } catch (error) {
    toastFailure(error);
  }
}

on('presets', ({ presets: all }) => (presets.value = all));
