import type { Failure } from '../api/types.ts';
import { has, t, type Key } from '../i18n/index.ts';

/** What happened and what to do, in the reader's language where the page knows the code, else in the server's words. */
export function told(failure: Failure): { message: string; hint: string | null } {
  const code = failure.code as string;
  const message = has(`error.${code}`) ? t(`error.${code}` as Key) : failure.message;
  const detail = has(`error.${code}`) && failure.message && failure.message !== message ? failure.message : null;
  const hint = has(`error.${code}.hint`) ? t(`error.${code}.hint` as Key) : failure.hint;
  return { message: detail ? `${message} (${detail})` : message, hint };
}
