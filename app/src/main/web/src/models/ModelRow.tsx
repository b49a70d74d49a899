import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import { failureOf } from '../api/http.ts';
import type { Failure, Model } from '../api/types.ts';
import { stateOf } from '../chat/ModelPicker.tsx';
import { t } from '../i18n/index.ts';
import { go } from '../state/route.ts';
import { choose } from '../state/settings.ts';
import { open } from '../state/thread.ts';
import { bytes, count, parameters } from '../text/format.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Problem } from '../ui/Problem.tsx';

export function ModelRow({ model }: { model: Model }) {
  const failure = useSignal<Failure | null>(model.error);
  const deleting = useSignal(false);
  const attempt = async (act: (name: string) => Promise<unknown>) => {
    failure.value = null;
    try {
      await act(model.name);
    } catch (error) {
      failure.value = failureOf(error);
    }
  };
  const facts = [
    model.parameters !== null && parameters(model.parameters),
    model.quantization,
    bytes(model.size_bytes),
    model.context_length !== null && t('model.context', { n: count(model.context_length) }),
    model.thinking && t('model.thinks'),
  ].filter(Boolean);

  return (
    <li class="model" aria-label={model.label}>
      <div class="model-main">
        <h3>
          {model.label}
          {model.default && <span class="badge">{t('model.default')}</span>}
        </h3>
        <p class="model-name"><code>{model.name}</code></p>
        <p class="facts">{facts.map((fact) => <span key={String(fact)}>{fact}</span>)}</p>
      </div>
      <div class="model-state">
        <span class={`dot ${model.state}`} />
        <span>{stateOf(model)}</span>
        {model.memory_bytes !== null && <span class="dim">{t('model.memory', { size: bytes(model.memory_bytes) })}</span>}
        {model.state === 'loading' && <progress max={1} value={model.progress ?? undefined} aria-label={t('model.loads', { name: model.label })} />}
      </div>
      <div class="model-actions">
        <Button icon="chat" onClick={() => {
          void open(null);
          choose({ model: model.name });
          go({ view: 'chat', id: null });
        }}>{t('model.talk')}</Button>
        {model.state === 'loaded' ? (
          <IconButton icon="eject" label={t('model.unload', { name: model.label })} onClick={() => void attempt(api.unload)} />
        ) : (
          <IconButton icon="play" label={t('model.load', { name: model.label })} aria-disabled={model.state === 'loading'} onClick={() => model.state !== 'loading' && void attempt(api.load)} />
        )}
        {model.deletable && <IconButton icon="trash" label={t('model.delete', { name: model.label })} onClick={() => (deleting.value = true)} />}
      </div>
      {(failure.value ?? model.error) && <Problem failure={(failure.value ?? model.error)!} />}
      {deleting.value && (
        <Dialog title={t('model.delete', { name: model.label })} onClose={() => (deleting.value = false)}>
          <p>{t('model.delete.sure', { size: bytes(model.size_bytes) })}</p>
          <div class="row end">
            <Button kind="quiet" onClick={() => (deleting.value = false)}>{t('cancel')}</Button>
            <Button kind="bad" icon="trash" onClick={() => {
              deleting.value = false;
              void attempt(api.deleteModel);
            }}>{t('delete')}</Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}
