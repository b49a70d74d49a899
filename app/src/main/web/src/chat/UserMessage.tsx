import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from '../api/http.ts';
import type { Failure, Message } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { draftOf, keepDraft } from '../state/drafts.ts';
import { answering, send, type steps } from '../state/thread.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';
import { Attachments } from './Attachments.tsx';
import { Branches } from './Branches.tsx';
import { Copy } from './Copy.tsx';
import { Input } from './Input.tsx';

export function UserMessage({ message, step }: { message: Message; step: (typeof steps.value)[number] }) {
  const editing = useSignal(draftOf('edit.' + message.id).content !== '');
  if (editing.value) return <Edit message={message} onDone={() => (editing.value = false)} />;
  return (
    <article class="message user" aria-label={t('you')}>
      <Attachments files={message.attachments} />
      {message.content && <div class="bubble" dir="auto">{message.content}</div>}
      <div class="actions">
        <Branches step={step} />
        <Copy text={message.content} />
        <IconButton icon="edit" size={16} label={t('edit')} aria-disabled={answering.value} onClick={() => !answering.value && (editing.value = true)} />
      </div>
    </article>
  );
}

/** Sending an edited message makes a branch beside the old one. */
function Edit({ message, onDone }: { message: Message; onDone: () => void }) {
  const key = 'edit.' + message.id;
  const box = useRef<HTMLTextAreaElement>(null);
  const kept = draftOf(key);
  const written = useSignal(kept.content ? kept : { content: message.content, attachments: message.attachments });
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(message.content.length, message.content.length);
  }, []);

  const leave = () => {
    keepDraft(key, { content: '', attachments: [] });
    onDone();
  };
  const submit = async () => {
    if (written.value.content.trim() === '') return;
    try {
      await send(written.value, message.parent);
      leave();
    } catch (error) {
      failure.value = failureOf(error);
    }
  };
  return (
    <article class="message user editing" aria-label={t('edit')} onKeyDown={(event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      leave();
    }}>
      {failure.value && <Problem failure={failure.value} />}
      <Input
        written={written.value}
        onWrite={(next) => {
          written.value = next;
          keepDraft(key, next);
        }}
        onSend={submit}
        placeholder={t('edit')}
        box={box}
        action={
          <>
            <Button kind="quiet" onClick={leave}>{t('cancel')}</Button>
            <Button kind="main" onClick={submit}>{t('send')}</Button>
          </>
        }
      />
    </article>
  );
}
