import type { Message } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { labelOf } from '../state/models.ts';
import { answering, regenerate, type steps } from '../state/thread.ts';
import { IconButton } from '../ui/Button.tsx';
import { Mark } from '../ui/icons.tsx';
import { Answer, Counts } from './Answer.tsx';
import { Branches } from './Branches.tsx';
import { Copy } from './Copy.tsx';

export function AnswerMessage({ message, step }: { message: Message; step: (typeof steps.value)[number] }) {
  const running = message.state === 'running';
  return (
    <article class={running ? 'message assistant running' : 'message assistant'} aria-label={labelOf(message.model) || t('assistant')} aria-busy={running}>
      <header>
        <Mark size={20} />
        <span>{labelOf(message.model)}</span>
      </header>
      <Answer message={message} onRetry={() => void regenerate(message)} />
      <div class="actions">
        <Branches step={step} />
        {!running && (
          <>
            {message.content && <Copy text={message.content} label={t('copy.answer')} />}
            <IconButton icon="retry" size={16} label={t('regenerate')} aria-disabled={answering.value} onClick={() => !answering.value && void regenerate(message)} />
          </>
        )}
        <Counts message={message} />
      </div>
    </article>
  );
}
