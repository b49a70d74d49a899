import type { ComponentChildren } from 'preact';
import type { Message } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { statusOf } from '../state/messages.ts';
import { count, milliseconds, rate } from '../text/format.ts';
import { Problem } from '../ui/Problem.tsx';
import { Thinking } from './Thinking.tsx';

/** What a model says: in a conversation and in a comparison. */
export function Answer({ message, onRetry }: { message: Message; onRetry?: () => void }) {
  const running = message.state === 'running';
  return (
    <>
      <Thinking message={message} />
      {message.content && <Markdown text={message.content} done={!running} />}
      {running && message.content === '' && message.thinking === '' && <Waiting message={message} />}
      {message.error && <Problem failure={message.error} onRetry={onRetry} />}
      {message.state === 'stopped' && <p class="note">{t('answer.stopped')}</p>}
      {message.finish_reason === 'length' && <p class="note">{t('answer.length')}</p>}
    </>
  );
}

/** What happens before the first word: in the queue, loading, reading. */
function Waiting({ message }: { message: Message }) {
  const status = statusOf(message.id).value;
  const stage = status?.stage ?? message.stage ?? 'queued';
  const progress = status ? status.progress : message.progress;
  const place = stage === 'queued' && status?.queue_position ? ` · ${t('stage.place', { n: status.queue_position })}` : '';
  return (
    <div class="waiting">
      <span class="pulse" aria-hidden="true" />
      <span class="shimmer">{t(`stage.${stage}` as const)}{place}</span>
      {progress !== null && <progress max={1} value={progress} aria-label={t(`stage.${stage}` as const)} />}
    </div>
  );
}

/** Tokens and their speed, while they come and after. */
export function Counts({ message, children }: { message: Message; children?: ComponentChildren }) {
  const status = statusOf(message.id).value;
  const tokens = message.usage?.completion_tokens ?? status?.completion_tokens ?? 0;
  const speed = message.timings?.tokens_per_second ?? status?.tokens_per_second ?? null;
  const { usage, timings } = message;
  const details = [
    usage && t('counts.prompt', { n: count(usage.prompt_tokens), cached: count(usage.cached_tokens) }),
    usage && usage.thinking_tokens > 0 && t('counts.thinking', { n: count(usage.thinking_tokens) }),
    timings?.first_token_ms != null && t('counts.first', { time: milliseconds(timings.first_token_ms) }),
    timings?.prompt_tokens_per_second != null && t('counts.reading', { n: rate(timings.prompt_tokens_per_second) }),
  ].filter(Boolean);
  if (tokens === 0) return null;
  return (
    <span class="counts" title={details.join('\n')}>
      {children}
      <span>{t('counts.tokens', { n: count(tokens) })}</span>
      {speed !== null && <span>{t('counts.speed', { n: rate(speed) })}</span>}
    </span>
  );
}
