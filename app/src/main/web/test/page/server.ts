import { BASE } from './browser.ts';

const API = BASE + '/hadal/v1';

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(API + path, { method, headers: { 'Content-Type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const server = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, body),
  delete: (path: string) => call<void>('DELETE', path),
};

/** A conversation whose answer is just what a test needs, whatever the model: by the way of an import. */
export async function conversationWith(title: string, ...turns: string[]): Promise<string> {
  const messages = turns.map((content, i) => ({ id: `t${i}`, parent: i === 0 ? null : `t${i - 1}`, role: i % 2 === 0 ? 'user' : 'assistant', content }));
  const { conversations } = await server.post<{ conversations: { id: string }[] }>('/import', { format: 'hadal-conversations', version: 1, conversations: [{ title, messages }] });
  return conversations[0]!.id;
}
