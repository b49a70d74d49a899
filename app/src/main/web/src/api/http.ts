import { signal } from '@preact/signals';
import type { Failure } from './types.ts';

const BASE = '/hadal/v1';

/** Whether the server asked for a key; the sign-in form shows while it is true. */
export const keyWanted = signal(false);

/** What the server said when it refused, or why it was not reached (code `unreachable`, status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly failure: Failure;

  constructor(status: number, failure: Failure) {
    super(failure.message);
    this.status = status;
    this.failure = failure;
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return error.failure;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), hint: null };
}

async function call<T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': type },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { code: 'unreachable', message: '', hint: null });
  }
  const text = await response.text();
  const json = parsed(text);
  if (response.ok) return json as T;
  if (response.status === 401) keyWanted.value = true;
  const failure = (json as { error?: Failure } | undefined)?.error;
  throw new ApiError(response.status, failure ?? { code: 'http_' + response.status, message: `${response.status} ${response.statusText}`, hint: null });
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const http = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: unknown = {}, type?: string) => call<T>('POST', path, body, type),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: (path: string) => call<void>('DELETE', path),
  url: (path: string) => BASE + path,
};
