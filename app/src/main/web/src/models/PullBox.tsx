import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import { failureOf } from '../api/http.ts';
import type { Failure, Pull } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { keepAnswered, keepPull, models, pulls } from '../state/models.ts';
import { bytes, seconds } from '../text/format.ts';
import { toastFailure } from '../state/toasts.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';

/** Small ones that a plain processor runs well. */
const GOOD_FIRST = [
  { name: 'hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0', size: '0.6 GB' },
  { name: 'hf.co/unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF:Q4_K_M', size: '1.1 GB' },
  { name: 'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', size: '2.0 GB' },
];

export function PullBox() {
  const name = useSignal('');
  const failure = useSignal<Failure | null>(null);
  const pull = async (wanted: string) => {
    if (wanted.trim() === '') return;
    failure.value = null;
    try {
      keepAnswered(await api.pull(wanted.trim()));
      name.value = '';
    } catch (error) {
      failure.value = failureOf(error);
    }
  };
  const offered = GOOD_FIRST.filter((one) => !models.value.some((model) => model.name === one.name) && !pulls.value.some((p) => p.name === one.name));
  return (
    <section class="pull-box" aria-labelledby="pull-title">
      <h2 id="pull-title">{t('pull.title')}</h2>
      <form class="row" onSubmit={(event) => {
        event.preventDefault();
        void pull(name.value);
      }}>
        <input class="grow" name="model" value={name.value} placeholder="hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0" aria-label={t('pull.name')} aria-describedby="pull-hint" autocomplete="off" spellcheck={false} onInput={(event) => (name.value = event.currentTarget.value)} />
        <button type="submit" class="button main" aria-disabled={name.value.trim() === ''}>{t('pull.do')}</button>
      </form>
      <p id="pull-hint" class="dim">{t('pull.hint')}</p>
      {failure.value && <Problem failure={failure.value} />}
      {offered.length > 0 && (
        <ul class="offers" aria-label={t('pull.good')}>
          {offered.map((one) => (
            <li key={one.name}>
              <button type="button" class="chip" onClick={() => void pull(one.name)}>
                {one.name.replace(/^hf\.co\/[^/]+\//, '').replace('-GGUF', '')} <small>{one.size}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul class="pulls">
        {pulls.value.map((one) => (
          <Line key={one.id} pull={one} onAgain={() => void pull(one.name)} />
        ))}
      </ul>
    </section>
  );
}

function Line({ pull, onAgain }: { pull: Pull; onAgain: () => void }) {
  const { id, name, state, done_bytes, total_bytes, bytes_per_second, error } = pull;
  const runs = state === 'resolving' || state === 'downloading' || state === 'verifying';
  const left = total_bytes !== null && bytes_per_second ? (total_bytes - done_bytes) / bytes_per_second : null;
  const facts = [
    t(`pull.${state === 'dismissed' ? 'done' : state}` as const),
    total_bytes !== null && state !== 'done' && `${bytes(done_bytes)} / ${bytes(total_bytes)}`,
    state === 'downloading' && bytes_per_second !== null && `${bytes(bytes_per_second)}/s`,
    state === 'downloading' && left !== null && t('pull.left', { time: seconds(Math.ceil(left) * 1000) }),
  ].filter(Boolean);
  return (
    <li class={`pull ${state}`} aria-label={name}>
      <div class="pull-text">
        <code>{name}</code>
        <p class="facts">{facts.map((fact) => <span key={String(fact)}>{fact}</span>)}</p>
      </div>
      {runs ? (
        <Button kind="quiet" icon="close" onClick={() => void api.cancelPull(id).then(keepAnswered, toastFailure)}>{t('cancel')}</Button>
      ) : (
        <>
          {(state === 'cancelled' || state === 'failed') && <Button icon="retry" onClick={() => {
            void api.dismissPull(id).catch(() => undefined);
            onAgain();
          }}>{t('pull.again')}</Button>}
          <IconButton icon="close" size={16} label={t('pull.dismiss')} onClick={() => void api.dismissPull(id).then(() => keepPull({ ...pull, state: 'dismissed' }), toastFailure)} />
        </>
      )}
      {runs && <progress max={total_bytes ?? 1} value={total_bytes === null ? undefined : done_bytes} aria-label={t('pull.of', { name })} />}
      {error && <Problem failure={error} />}
    </li>
  );
}
