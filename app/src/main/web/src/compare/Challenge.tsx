import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { api } from '../api/client.ts';
import { failureOf } from '../api/http.ts';
import type { Failure } from '../api/types.ts';
import { Input } from '../chat/Input.tsx';
import { t } from '../i18n/index.ts';
import { CATEGORIES, keepComparison, type Category } from '../state/comparisons.ts';
import { draftOf, keepDraft } from '../state/drafts.ts';
import { defaultModel, models } from '../state/models.ts';
import { read, write } from '../state/prefs.ts';
import { go } from '../state/route.ts';
import { IconButton } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';

interface Setup {
  a: string | null;
  b: string | null;
  blind: boolean;
  category: Category;
}

/** One prompt for two models. */
export function Challenge() {
  const box = useRef<HTMLTextAreaElement>(null);
  const written = useSignal(draftOf('compare'));
  const setup = useSignal(read<Setup>('compare', { a: null, b: null, blind: true, category: 'general' }));
  const failure = useSignal<Failure | null>(null);
  const known = (name: string | null) => models.value.some((model) => model.name === name);
  const a = known(setup.value.a) ? setup.value.a! : (defaultModel.value ?? '');
  const b = known(setup.value.b) ? setup.value.b! : (models.value.find((model) => model.name !== a)?.name ?? a);
  const set = (changes: Partial<Setup>) => write('compare', (setup.value = { ...setup.value, ...changes }));

  const submit = async () => {
    if (written.value.content.trim() === '') return;
    failure.value = null;
    try {
      const made = await api.compare({ prompt: written.value.content, attachments: written.value.attachments, models: [a, b], blind: setup.value.blind, category: setup.value.category, system: '', sampling: {} });
      keepDraft('compare', { content: '', attachments: [] });
      keepComparison(made, true);
      go({ view: 'compare', id: made.id });
    } catch (error) {
      failure.value = failureOf(error);
    }
  };

  if (models.value.length < 2) {
    return (
      <section class="empty-view">
        <h2>{t('compare.title')}</h2>
        <p>{t('compare.needTwo')}</p>
        <button type="button" class="button main" onClick={() => go({ view: 'models' })}>{t('welcome.getModel')}</button>
      </section>
    );
  }
  return (
    <section class="compare-form" aria-labelledby="compare-title">
      <h2 id="compare-title">{t('compare.title')}</h2>
      <p class="dim">{t('compare.hint')}</p>
      <div class="pair">
        <ModelSelect label={t('compare.first')} value={a} onChange={(name) => set({ a: name })} />
        <ModelSelect label={t('compare.second')} value={b} onChange={(name) => set({ b: name })} />
      </div>
      {failure.value && <Problem failure={failure.value} />}
      <Input
        written={written.value}
        onWrite={(next) => keepDraft('compare', (written.value = next))}
        onSend={submit}
        placeholder={t('compare.prompt')}
        box={box}
        tools={
          <>
            <label class="chip toggle">
              <input type="checkbox" checked={setup.value.blind} onChange={(event) => set({ blind: event.currentTarget.checked })} />
              <span>{t('compare.blind')}</span>
            </label>
            <CategorySelect value={setup.value.category} onChange={(category) => set({ category })} />
          </>
        }
        action={<IconButton icon="send" size={20} class="send" label={t('send')} aria-disabled={written.value.content.trim() === ''} onClick={submit} />}
      />
    </section>
  );
}

function ModelSelect({ label, value, onChange }: { label: string; value: string; onChange: (name: string) => void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {models.value.map((model) => (
          <option key={model.name} value={model.name}>{model.label}{model.quantization ? ` · ${model.quantization}` : ''}</option>
        ))}
      </select>
    </label>
  );
}

export function CategorySelect({ value, onChange }: { value: string; onChange: (category: Category) => void }) {
  return (
    <select class="chip" value={value} aria-label={t('compare.category')} onChange={(event) => onChange(event.currentTarget.value as Category)}>
      {CATEGORIES.map((category) => (
        <option key={category} value={category}>{t(`category.${category}` as const)}</option>
      ))}
    </select>
  );
}
