import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import { failureOf } from '../api/http.ts';
import type { Comparison, Failure, Side, Winner } from '../api/types.ts';
import { Answer, Counts } from '../chat/Answer.tsx';
import { Attachments } from '../chat/Attachments.tsx';
import { t } from '../i18n/index.ts';
import { keepComparison } from '../state/comparisons.ts';
import { keep, messageOf } from '../state/messages.ts';
import { labelOf } from '../state/models.ts';
import { toastFailure } from '../state/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';
import { CategorySelect } from './Challenge.tsx';

const CHOICES: Winner[] = ['a', 'tie', 'both_bad', 'b'];

/** Two answers side by side, then a vote; who was who is told after it. */
export function Duel({ comparison }: { comparison: Comparison }) {
  const running = comparison.sides.some(({ answer }) => (messageOf(answer.id)?.value ?? answer).state === 'running');
  return (
    <article class="duel">
      <div class="duel-prompt">
        <Attachments files={comparison.attachments} />
        <p class="bubble" dir="auto">{comparison.prompt}</p>
      </div>
      <div class="sides">
        {comparison.sides.map((side) => (
          <SideView key={side.side} side={side} won={comparison.vote?.winner === side.side} />
        ))}
      </div>
      {comparison.vote ? (
        <p class="verdict" role="status">{verdict(comparison)}</p>
      ) : (
        <Vote comparison={comparison} running={running} />
      )}
    </article>
  );
}

function SideView({ side, won }: { side: Side; won: boolean }) {
  const message = messageOf(side.answer.id)?.value ?? side.answer;
  const name = side.model === null ? t('compare.unknown') : labelOf(side.model);
  return (
    <section class={won ? 'side won' : 'side'} aria-label={`${side.side.toUpperCase()}: ${name}`}>
      <header>
        <span class="letter" aria-hidden="true">{side.side.toUpperCase()}</span>
        <h2>{name}</h2>
        {won && <span class="badge">{t('compare.won')}</span>}
        <span class="grow" />
        {message.state === 'running' && <Button kind="quiet" icon="stop" onClick={() => void api.stop(message.id).then(keep, toastFailure)}>{t('stop')}</Button>}
      </header>
      <Answer message={message} />
      <div class="actions"><Counts message={message} /></div>
    </section>
  );
}

function Vote({ comparison, running }: { comparison: Comparison; running: boolean }) {
  const category = useSignal(comparison.category);
  const failure = useSignal<Failure | null>(null);
  const vote = async (winner: Winner) => {
    if (running) return;
    try {
      keepComparison(await api.vote(comparison.id, winner, category.value), true);
    } catch (error) {
      failure.value = failureOf(error);
    }
  };
  return (
    <div class="vote" role="group" aria-label={t('compare.vote')}>
      {failure.value && <Problem failure={failure.value} />}
      <p class="dim">{running ? t('compare.wait') : t('compare.vote')}</p>
      <div class="vote-buttons">
        {CHOICES.map((winner) => (
          <button key={winner} type="button" class="button" aria-disabled={running} onClick={() => void vote(winner)}>{t(`vote.${winner}` as const)}</button>
        ))}
      </div>
      <CategorySelect value={category.value} onChange={(next) => (category.value = next)} />
    </div>
  );
}

export function verdict({ vote, sides }: Comparison): string {
  if (!vote) return t('compare.open');
  if (vote.winner === 'tie' || vote.winner === 'both_bad') return t(`vote.${vote.winner}` as const);
  return t('compare.verdict', { name: labelOf(sides.find((side) => side.side === vote.winner)?.model ?? null) });
}
