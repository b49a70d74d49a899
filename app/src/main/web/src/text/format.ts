import { locale, t } from '../i18n/index.ts';

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(locale.value, { maximumFractionDigits: value < 10 && unit > 1 ? 1 : 0 })} ${units[unit]}`;
}

export function count(n: number): string {
  return n.toLocaleString(locale.value);
}

export function rate(n: number): string {
  return n.toLocaleString(locale.value, { maximumFractionDigits: n < 10 ? 1 : 0 });
}

/** 15.2 M, 1.8 B: how models are spoken of, in every language. */
export function parameters(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(1)} B` : `${Math.round(n / 1e6)} M`;
}

export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s >= 90) return t('minutes', { m: Math.floor(s / 60), s: Math.round(s % 60) });
  return t('seconds', { n: s.toLocaleString(locale.value, { maximumFractionDigits: s < 10 ? 1 : 0 }) });
}

export function milliseconds(ms: number): string {
  return ms >= 1000 ? seconds(ms) : `${Math.round(ms)} ms`;
}

export type Age = 'pinned' | 'today' | 'yesterday' | 'week' | 'month' | 'older';

/** In which part of the list a conversation stands. */
export function ageOf(time: number, now = new Date()): Age {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const day = 86_400_000;
  if (time >= midnight) return 'today';
  if (time >= midnight - day) return 'yesterday';
  if (time >= midnight - 7 * day) return 'week';
  return time >= midnight - 30 * day ? 'month' : 'older';
}

export function moment(time: number): string {
  return new Date(time).toLocaleString(locale.value, { dateStyle: 'medium', timeStyle: 'short' });
}
