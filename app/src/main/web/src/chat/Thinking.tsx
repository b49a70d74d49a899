import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Message } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { statusOf } from '../state/messages.ts';
import { seconds } from '../text/format.ts';
import { Icon } from '../ui/icons.tsx';

/** The thinking: its last lines pass by while it lasts, then it is folded behind its seconds. */
export function Thinking({ message }: { message: Message }) {
  const open = useSignal(false);
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const live = message.state === 'running' && message.content === '';
  const ms = message.thinking_ms ?? statusOf(message.id).value?.thinking_ms ?? null;

  useEffect(() => {
    if (live && body.current && !open.value) body.current.scrollTop = body.current.scrollHeight;
  }, [message.thinking, live]);

  if (message.thinking === '') return null;
  return (
    <section class={`thinking ${live ? 'live' : ''} ${open.value ? 'open' : ''}`}>
      <button type="button" class="thinking-head" aria-expanded={open.value} aria-controls={id} onClick={() => (open.value = !open.value)}>
        <Icon name="bulb" size={16} />
        <span class={live ? 'shimmer' : ''}>{live ? t('thinking.now') : ms === null ? t('thinking.done') : t('thinking.for', { time: seconds(ms) })}</span>
        {live && ms !== null && <span class="thinking-time">{seconds(ms)}</span>}
        <Icon name="down" size={14} class="icon turn" />
      </button>
      <div id={id} ref={body} class="thinking-body" hidden={!live && !open.value}>
        {(live || open.value) && <Markdown text={message.thinking} done={!live} />}
      </div>
    </section>
  );
}
