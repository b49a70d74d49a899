import type { Key } from './i18n/index.ts';
import { t } from './i18n/index.ts';
import { copy } from './markdown/code.ts';
import { conversations } from './state/conversations.ts';
import { drawer, panel } from './state/panels.ts';
import { sidebarShown } from './state/prefs.ts';
import { go, route } from './state/route.ts';
import { lastMessage, regenerate, stop } from './state/thread.ts';
import { toast } from './state/toasts.ts';

interface Shortcut {
  keys: string[];
  key: Key;
}

const mac = typeof navigator !== 'undefined' && /Mac|iP/.test(navigator.userAgent);
export const MOD = mac ? '⌘' : 'Ctrl';

/** What the page answers to; the list of `?` is this one. */
export const SHORTCUTS: Shortcut[] = [
  { keys: ['Enter'], key: 'keys.send' },
  { keys: ['Shift', 'Enter'], key: 'keys.line' },
  { keys: ['Esc'], key: 'keys.stop' },
  { keys: ['/'], key: 'keys.write' },
  { keys: [MOD, 'K'], key: 'keys.search' },
  { keys: [MOD, 'Shift', 'O'], key: 'keys.new' },
  { keys: [MOD, 'Shift', 'C'], key: 'keys.copy' },
  { keys: [MOD, 'Shift', 'L'], key: 'keys.regenerate' },
  { keys: [MOD, '.'], key: 'keys.settings' },
  { keys: [MOD, 'B'], key: 'keys.list' },
  { keys: ['Alt', '↑ ↓'], key: 'keys.neighbours' },
  { keys: ['Alt', '1 – 4'], key: 'keys.views' },
  { keys: ['?'], key: 'keys.help' },
];

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
    const act = event.altKey ? withAlt(event) : event.ctrlKey || event.metaKey ? withMod(event) : plain(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function plain(event: KeyboardEvent): (() => void) | null {
  if (event.key === 'Escape') {
    const message = lastMessage.value;
    if (drawer.value) return () => (drawer.value = false);
    return message?.state === 'running' && route.value.view === 'chat' ? () => void stop(message) : null;
  }
  if ((event.target as HTMLElement).closest('input, textarea, select, [role=menu]')) return null;
  if (event.key === '?') return () => (panel.value = 'shortcuts');
  return event.key === '/' ? () => document.querySelector<HTMLElement>('.composer textarea, .compare-form textarea')?.focus() : null;
}

function withMod(event: KeyboardEvent): (() => void) | null {
  const key = event.key.toLowerCase();
  if (event.shiftKey) {
    const message = lastMessage.value;
    if (key === 'o') return () => go({ view: 'chat', id: null });
    if (key === 'c' && message?.role === 'assistant') return () => void copy(message.content).then((done) => toast({ text: t(done ? 'copied' : 'copy.failed') }));
    return key === 'l' && message?.role === 'assistant' && message.state !== 'running' ? () => void regenerate(message) : null;
  }
  switch (key) {
    case 'k':
      return () => {
        sidebarShown.value = true;
        drawer.value = matchMedia('(max-width: 760px)').matches;
        requestAnimationFrame(() => document.getElementById('search')?.focus());
      };
    case 'b':
      return () => (sidebarShown.value = !sidebarShown.value);
    case '.':
      return () => (panel.value = 'settings');
    default:
      return null;
  }
}

function withAlt(event: KeyboardEvent): (() => void) | null {
  const views = { Digit1: { view: 'chat', id: null }, Digit2: { view: 'compare', id: null }, Digit3: { view: 'models' }, Digit4: { view: 'server' } } as const;
  const view = views[event.code as keyof typeof views];
  if (view) return () => go(view);
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return null;
  const here = route.value.view === 'chat' ? route.value.id : null;
  const at = conversations.value.findIndex((one) => one.id === here);
  const next = conversations.value[at < 0 ? 0 : at + step];
  return next ? () => go({ view: 'chat', id: next.id }) : null;
}
