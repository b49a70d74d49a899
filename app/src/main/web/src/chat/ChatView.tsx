import { useEffect, useState } from 'preact/hooks';
import { keepDraft, draftOf } from '../state/drafts.ts';
import { open } from '../state/thread.ts';
import { Composer } from './Composer.tsx';
import { Thread } from './Thread.tsx';
import { Topbar } from './Topbar.tsx';
import { Welcome } from './Welcome.tsx';

export function ChatView({ id }: { id: string | null }) {
  const [suggested, setSuggested] = useState(0);
  useEffect(() => void open(id), [id]);
  return (
    <div class="chat">
      <Topbar id={id} />
      {id === null ? (
        <Welcome onSuggest={(content) => {
          keepDraft(null, { ...draftOf(null), content });
          setSuggested(suggested + 1);
        }} />
      ) : (
        <Thread />
      )}
      <Composer key={suggested} id={id} />
    </div>
  );
}
