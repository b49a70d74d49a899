import { effect, signal, type Signal } from '@preact/signals';

const PREFIX = 'hadal.';

/** What this browser remembers. A private window may refuse to store: then it holds for the page's life. */
export function read<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function write(name: string, value: unknown): void {
  try {
    if (value === null || value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: nothing the reader could do here.
  }
}

function kept<T>(name: string, fallback: T): Signal<T> {
  const value = signal(read(name, fallback));
  effect(() => write(name, value.value));
  return value;
}

export const theme = kept<'auto' | 'light' | 'dark'>('theme', 'auto');
export const language = kept<'auto' | 'en' | 'zh'>('language', 'auto');
export const sidebarShown = kept('sidebar', true);
export const enterSends = kept('enterSends', true);
export const lastModel = kept<string | null>('model', null);

export function applyTheme(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme.value);
  });
}
