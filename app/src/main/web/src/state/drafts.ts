import type { Attachment } from '../api/types.ts';
import { read, write } from './prefs.ts';

export interface Draft {
  content: string;
  attachments: Attachment[];
}

const EMPTY: Draft = { content: '', attachments: [] };

/** What was typed and not sent, a conversation each; `new` is the one that does not exist yet. */
export function draftOf(id: string | null): Draft {
  return read<Draft>('draft.' + (id ?? 'new'), EMPTY);
}

export function keepDraft(id: string | null, draft: Draft): void {
  const empty = draft.content === '' && draft.attachments.length === 0;
  write('draft.' + (id ?? 'new'), empty ? null : draft);
}
