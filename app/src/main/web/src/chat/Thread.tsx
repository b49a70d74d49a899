import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { messageOf } from '../state/messages.ts';
import { steps, threadFailure, threadId, open } from '../state/thread.ts';
import { IconButton } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';
import { AnswerMessage } from './AnswerMessage.tsx';
import { UserMessage } from './UserMessage.tsx';
import { useStick } from './useStick.ts';

export function Thread() {
  const scroller = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const { away, toEnd } = useStick(scroller, inside, threadId.value);
  const shown = useRef(0);

  // One's own message is always shown, wherever one has scrolled.
  const count = steps.value.length;
  useEffect(() => {
    if (count > shown.current) toEnd();
    shown.current = count;
  }, [count]);

  return (
    <div class="thread-frame">
      <div class="thread" ref={scroller} tabIndex={0} role="region" aria-label={t('thread')}>
        <div class="thread-inside" ref={inside}>
          {threadFailure.value && <Problem failure={threadFailure.value} onRetry={() => void open(threadId.value)} />}
          {steps.value.map((step) => (
            <Step key={step.id} step={step} />
          ))}
        </div>
      </div>
      {away.value && <IconButton icon="arrowDown" class="to-end" label={t('toEnd')} onClick={() => toEnd(true)} />}
    </div>
  );
}

function Step({ step }: { step: (typeof steps.value)[number] }) {
  const message = messageOf(step.id)?.value;
  if (!message) return null;
  return message.role === 'user' ? <UserMessage message={message} step={step} /> : <AnswerMessage message={message} step={step} />;
}
