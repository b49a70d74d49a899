import type { Sampling } from '../api/types.ts';
import { t } from '../i18n/index.ts';

const FIELDS = [
  { name: 'temperature', min: 0, max: 2, step: 0.05 },
  { name: 'top_p', min: 0.05, max: 1, step: 0.05 },
  { name: 'top_k', min: 0, max: 200, step: 1 },
  { name: 'min_p', min: 0, max: 1, step: 0.01 },
  { name: 'repetition_penalty', min: 0.5, max: 2, step: 0.05 },
  { name: 'frequency_penalty', min: -2, max: 2, step: 0.1 },
  { name: 'presence_penalty', min: -2, max: 2, step: 0.1 },
] as const;

/** Every knob is optional: what is empty is the model's own. */
export function SamplingFields({ sampling, onChange }: { sampling: Sampling; onChange: (sampling: Sampling) => void }) {
  const set = (name: keyof Sampling, value: number | string[] | null) => {
    const { [name]: _, ...others } = sampling;
    onChange(value === null ? others : { ...others, [name]: value });
  };
  return (
    <fieldset class="field sampling">
      <legend>{t('sampling')}</legend>
      <p class="dim">{t('sampling.hint')}</p>
      {FIELDS.map(({ name, min, max, step }) => {
        const value = sampling[name] ?? null;
        const label = t(`sampling.${name}` as const);
        return (
          <div key={name} class={value === null ? 'knob unset' : 'knob'}>
            <span title={t(`sampling.${name}.hint` as const)}>{label}</span>
            <input type="range" min={min} max={max} step={step} value={value ?? (min + max) / 2} aria-label={label} aria-valuetext={value === null ? t('auto') : String(value)} onChange={(event) => set(name, event.currentTarget.valueAsNumber)} />
            <input type="number" min={min} max={max} step={step} value={value ?? ''} placeholder={t('auto')} aria-label={label} onChange={(event) => set(name, Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber)} />
          </div>
        );
      })}
      <div class="pair">
        <label class="field">
          <span>{t('sampling.max_tokens')}</span>
          <input type="number" min={1} step={1} value={sampling.max_tokens ?? ''} placeholder={t('auto')} onChange={(event) => set('max_tokens', Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber)} />
        </label>
        <label class="field">
          <span>{t('sampling.seed')}</span>
          <input type="number" step={1} value={sampling.seed ?? ''} placeholder={t('sampling.random')} onChange={(event) => set('seed', Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber)} />
        </label>
      </div>
      <label class="field">
        <span>{t('sampling.stop')}</span>
        <input value={(sampling.stop ?? []).join(', ')} placeholder={t('sampling.stop.example')} onChange={(event) => {
          const words = event.currentTarget.value.split(',').map((word) => word.trim()).filter(Boolean);
          set('stop', words.length === 0 ? null : words);
        }} />
      </label>
    </fieldset>
  );
}
