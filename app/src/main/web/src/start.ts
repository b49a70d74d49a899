import { effect, untracked } from '@preact/signals';
import { api } from './api/client.ts';
import { connect, on } from './api/events.ts';
import { keyWanted } from './api/http.ts';
import { t } from './i18n/index.ts';
import { readComparison, readComparisons } from './state/comparisons.ts';
import { readList } from './state/conversations.ts';
import { readModels } from './state/models.ts';
import { announcement } from './state/panels.ts';
import { readPresets } from './state/presets.ts';
import { route } from './state/route.ts';
import { readServer } from './state/server.ts';
import { answering, open, threadId } from './state/thread.ts';

/** Reads everything anew: when the line is there for the first time, and whenever it comes back. */
function readAll(): void {
  void readList();
  void readModels();
  void readPresets();
  const here = untracked(() => route.value);
  const id = untracked(() => threadId.value);
  if (id !== null) void open(id);
  if (here.view === 'compare') void (here.id === null ? readComparisons() : readComparison(here.id));
  if (here.view === 'server') void readServer();
}

on('hello', readAll);

/** Asks whether a key is wanted and opens the stream, whose first word has everything read. */
export async function start(): Promise<void> {
  try {
    const session = await api.session();
    keyWanted.value = session.key_required && !session.signed_in;
  } catch {
    // Not reached: what follows says so, and the stream goes on trying.
  }
  if (!keyWanted.value) connect();
}

export function announceAnswers(): void {
  let before = false;
  effect(() => {
    const now = answering.value ?? false;
    if (now !== before) announcement.value = t(now ? 'answer.begins' : 'answer.ends');
    before = now;
  });
}
