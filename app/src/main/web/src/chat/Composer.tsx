import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from '../api/http.ts';
import type { Failure } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { draftOf, keepDraft } from '../state/drafts.ts';
import { modelOf } from '../state/models.ts';
import { choose, settings, startAfresh } from '../state/settings.ts';
import { answering, lastMessage, send, stop } from '../state/thread.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/Problem.tsx';
import { Input, type Written } from './Input.tsx';
import { ModelPicker } from './ModelPicker.tsx';

/** Where one writes. What is in it is kept with every key and only forgotten when the server has it. */
export function Composer({ id }: { id: string | null }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const written = useSignal<Written>(draftOf(id));
  const sending = useSignal(false);
  const failure = useSignal<Failure | null>(null);

  useEffect(() => {
    written.value = draftOf(id);
    failure.value = null;
    if (window.matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [id]);

  const write = (next: Written) => {
    written.value = next;
    keepDraft(id, next);
  };

  const submit = async () => {
    if (sending.value || answering.value || (written.value.content.trim() === '' && written.value.attachments.length === 0)) return;
    sending.value = true;
    failure.value = null;
    try {
      const draft = written.value;
      await send(draft, undefined, settings.value);
      // What was typed meanwhile stays.
      if (written.value === draft) write({ content: '', attachments: [] });
      if (id === null) startAfresh();
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      sending.value = false;
      box.current?.focus();
    }
  };

  const thinks = modelOf(settings.value.model)?.thinking ?? false;
  const empty = written.value.content.trim() === '' && written.value.attachments.length === 0;
  return (
    <div class="composer">
      {failure.value && <Problem failure={failure.value} onRetry={submit} />}
      <Input
        written={written.value}
        onWrite={write}
        onSend={submit}
        placeholder={t('compose')}
        box={box}
        busy={sending.value}
        tools={
          <>
            {thinks && <ThinkingSwitch />}
            <ModelPicker up />
          </>
        }
        action={
          answering.value && lastMessage.value ? (
            <button type="button" class="send stopping" aria-label={t('stop')} title={`${t('stop')} (Esc)`} onClick={() => void stop(lastMessage.value!)}>
              <Icon name="stop" size={20} />
            </button>
          ) : (
            <IconButton icon="send" size={20} class="send" label={t('send')} aria-disabled={empty || sending.value} onClick={submit} />
          )
        }
      />
    </div>
  );
}

function ThinkingSwitch() {
  const on = settings.value.thinking !== false;
  return (
    <button type="button" class="chip" aria-pressed={on} title={t('thinking.hint')} onClick={() => choose({ thinking: on ? false : null })}>
      <Icon name="bulb" size={16} />
      <span>{t('thinking.switch')}</span>
    </button>
  );
}
