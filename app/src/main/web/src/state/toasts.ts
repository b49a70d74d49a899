import { signal } from '@preact/signals';
import { failureOf } from '../api/http.ts';
import { told } from '../text/failures.ts';

export interface Toast {
  id: number;
  text: string;
  hint?: string | null;
  bad?: boolean;
  action?: string;
  onAction?: () => void;
}

export const toasts = signal<Toast[]>([]);
let last = 0;

export function toast(fields: Omit<Toast, 'id'>): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-2), { id, ...fields }];
  setTimeout(() => dismiss(id), fields.bad || fields.action ? 9000 : 4000);
}

export function toastFailure(error: unknown, where?: string): void {
  const { message, hint } = told(failureOf(error));
  toast({ text: where ? `${where}: ${message}` : message, hint, bad: true });
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
