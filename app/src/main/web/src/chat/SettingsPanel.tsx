import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { modelOf } from '../state/models.ts';
import { panel } from '../state/panels.ts';
import { presets } from '../state/presets.ts';
import { choose, follow, settings } from '../state/settings.ts';
import { toast, toastFailure } from '../state/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { SamplingFields } from './SamplingFields.tsx';

/** How this conversation is answered: preset, system prompt, thinking, sampling. */
export function SettingsPanel() {
  const { system, thinking, sampling, preset } = settings.value;
  const chosen = presets.value.find((one) => one.id === preset) ?? null;
  const edited = chosen !== null && JSON.stringify([chosen.system, chosen.thinking, chosen.sampling]) !== JSON.stringify([system, thinking, sampling]);
  return (
    <Dialog side title={t('settings.title')} onClose={() => (panel.value = null)}>
      <div class="form">
        <label class="field">
          <span>{t('preset')}</span>
          <select value={preset ?? ''} onChange={(event) => follow(presets.value.find((one) => one.id === event.currentTarget.value) ?? null)}>
            <option value="">{t('preset.none')}</option>
            {presets.value.map((one) => (
              <option key={one.id} value={one.id}>{one.name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t('system')}</span>
          <textarea rows={6} value={system} placeholder={t('system.example')} dir="auto" onChange={(event) => choose({ system: event.currentTarget.value })} />
        </label>
        {modelOf(settings.value.model)?.thinking && (
          <fieldset class="field">
            <legend>{t('thinking.switch')}</legend>
            <div class="segments">
              {([null, true, false] as const).map((value) => (
                <label key={String(value)}>
                  <input type="radio" name="thinking" checked={thinking === value} onChange={() => choose({ thinking: value })} />
                  <span>{t(value === null ? 'auto' : value ? 'on' : 'off')}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <SamplingFields sampling={sampling} onChange={(next) => choose({ sampling: next })} />
        <PresetActions edited={edited} />
      </div>
    </Dialog>
  );
}

function PresetActions({ edited }: { edited: boolean }) {
  const naming = useSignal(false);
  const { system, thinking, sampling, preset } = settings.value;
  const chosen = presets.value.find((one) => one.id === preset);

  const add = async (name: string) => {
    naming.value = false;
    if (name.trim() === '') return;
    try {
      const made = await api.addPreset({ name: name.trim(), system, thinking, sampling });
      choose({ preset: made.id });
      toast({ text: t('preset.saved', { name: made.name }) });
    } catch (error) {
      toastFailure(error);
    }
  };
  const update = async () => {
    try {
      await api.changePreset({ ...chosen!, system, thinking, sampling });
      toast({ text: t('preset.saved', { name: chosen!.name }) });
    } catch (error) {
      toastFailure(error);
    }
  };
  const remove = async () => {
    try {
      await api.removePreset(chosen!.id);
      choose({ preset: null });
      const { id: _, ...again } = chosen!;
      toast({ text: t('preset.removed', { name: chosen!.name }), action: t('undo'), onAction: () => void api.addPreset(again).catch(toastFailure) });
    } catch (error) {
      toastFailure(error);
    }
  };

  if (naming.value) {
    return (
      <form class="row" onSubmit={(event) => {
        event.preventDefault();
        void add(String(new FormData(event.currentTarget).get('name') ?? ''));
      }}>
        <input name="name" class="grow" placeholder={t('preset.name')} aria-label={t('preset.name')} autoFocus required />
        <button class="button main" type="submit">{t('save')}</button>
        <Button kind="quiet" onClick={() => (naming.value = false)}>{t('cancel')}</Button>
      </form>
    );
  }
  return (
    <div class="row wrap">
      {chosen && edited && <Button kind="main" onClick={update}>{t('preset.update', { name: chosen.name })}</Button>}
      <Button icon="plus" onClick={() => (naming.value = true)}>{t('preset.save')}</Button>
      {chosen && <Button icon="trash" kind="bad" onClick={remove}>{t('preset.remove')}</Button>}
    </div>
  );
}
