import { computed, effect } from '@preact/signals';
import { language } from '../state/prefs.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export type Key = keyof typeof en;
const DICTIONARIES: Record<'en' | 'zh', Record<Key, string>> = { en, zh };

export const spoken = computed<'en' | 'zh'>(() => {
  if (language.value !== 'auto') return language.value;
  const wanted = typeof navigator === 'undefined' ? ['en'] : navigator.languages;
  return wanted.find((tag) => /^(en|zh)\b/i.test(tag))?.slice(0, 2).toLowerCase() === 'zh' ? 'zh' : 'en';
});

export const locale = computed(() => (spoken.value === 'zh' ? 'zh-CN' : 'en-GB'));

/** The text of a key, with what stands in {braces} filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return DICTIONARIES[spoken.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export function has(key: string): boolean {
  return key in en;
}

export function applyLanguage(): void {
  effect(() => void (document.documentElement.lang = locale.value));
}
