import { signal } from '@preact/signals';

/** What lies above the page; one at a time. */
export const panel = signal<'settings' | 'shortcuts' | null>(null);
/** The list of conversations on a narrow screen. */
export const drawer = signal(false);
/** What a screen reader is told of answers that come and go. */
export const announcement = signal('');
