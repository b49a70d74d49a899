import { http } from './http.ts';
import type { Attachment, Comparison, Conversation, Message, Model, Preset, Pull, Room, Sampling, ServerFacts, Session, Settings, Tally, Winner } from './types.ts';

export interface Ask {
  parent: string | null;
  content: string | null;
  attachments?: Attachment[];
  model?: string | null;
}

export interface Challenge {
  prompt: string;
  attachments: Attachment[];
  models: [string, string];
  blind: boolean;
  category: string;
  system: string;
  sampling: Sampling;
}

export type Whole = Conversation & { messages: Message[] };
export type Changes = Partial<Pick<Conversation, 'title' | 'pinned' | 'leaf' | 'model' | 'preset'> & Settings>;

const at = encodeURIComponent;

/** Every request the page makes, by name. */
export const api = {
  session: () => http.get<Session>('/session'),
  signIn: (key: string) => http.post<Session>('/session', { key }),

  conversations: (query: string, before: string | null) =>
    http.get<{ conversations: Conversation[]; next: string | null }>(
      `/conversations?limit=50${query ? '&query=' + at(query) : ''}${before ? '&before=' + at(before) : ''}`,
    ),
  conversation: (id: string) => http.get<Whole>(`/conversations/${at(id)}`),
  create: (changes: Changes) => http.post<Conversation>('/conversations', changes),
  change: (id: string, changes: Changes) => http.patch<Conversation>(`/conversations/${at(id)}`, changes),
  remove: (id: string) => http.delete(`/conversations/${at(id)}`),
  restore: (id: string) => http.post<Conversation>(`/conversations/${at(id)}/restore`),
  exportUrl: (id: string | null, format: 'json' | 'markdown') =>
    http.url(id === null ? '/export' : `/conversations/${at(id)}/export?format=${format}`),
  import: (text: string, markdown: boolean) =>
    http.post<{ conversations: Conversation[] }>('/import', text, markdown ? 'text/markdown' : 'application/json'),

  answer: (conversation: string, ask: Ask) =>
    http.post<{ user: Message | null; answer: Message; conversation: Conversation }>(`/conversations/${at(conversation)}/answers`, ask),
  stop: (message: string) => http.post<Message>(`/answers/${at(message)}/stop`),

  models: () => http.get<{ models: Model[] } & Room>('/models'),
  load: (name: string) => http.post<Model>('/models/load', { name }),
  unload: (name: string) => http.post<Model>('/models/unload', { name }),
  deleteModel: (name: string) => http.post<void>('/models/delete', { name }),
  pulls: () => http.get<{ pulls: Pull[] }>('/pulls'),
  pull: (name: string) => http.post<Pull>('/pulls', { name }),
  cancelPull: (id: string) => http.post<Pull>(`/pulls/${at(id)}/cancel`),
  dismissPull: (id: string) => http.delete(`/pulls/${at(id)}`),

  compare: (challenge: Challenge) => http.post<Comparison>('/comparisons', challenge),
  comparisons: () => http.get<{ comparisons: Comparison[]; tally: Tally[] }>('/comparisons?limit=50'),
  comparison: (id: string) => http.get<Comparison>(`/comparisons/${at(id)}`),
  vote: (id: string, winner: Winner, category: string) => http.post<Comparison>(`/comparisons/${at(id)}/vote`, { winner, category }),
  removeComparison: (id: string) => http.delete(`/comparisons/${at(id)}`),
  votesUrl: () => http.url('/comparisons/export'),

  presets: () => http.get<{ presets: Preset[] }>('/presets'),
  addPreset: (preset: Omit<Preset, 'id'>) => http.post<Preset>('/presets', preset),
  changePreset: (preset: Preset) => http.put<Preset>(`/presets/${at(preset.id)}`, preset),
  removePreset: (id: string) => http.delete(`/presets/${at(id)}`),

  server: () => http.get<ServerFacts>('/server'),
};
