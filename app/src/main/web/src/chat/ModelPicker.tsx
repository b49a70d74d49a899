import { t } from '../i18n/index.ts';
import { modelOf, models } from '../state/models.ts';
import { go } from '../state/route.ts';
import { choose, settings } from '../state/settings.ts';
import type { Model } from '../api/types.ts';
import { bytes } from '../text/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';

export function stateOf(model: Model): string {
  if (model.state === 'loading' && model.progress !== null) return t('model.loading', { percent: Math.round(model.progress * 100) });
  return t(`model.${model.state}` as const);
}

export function ModelPicker({ up = false }: { up?: boolean }) {
  const chosen = modelOf(settings.value.model);
  return (
    <Menu
      label={t('model.choose')}
      up={up}
      opener={(props) => (
        <button type="button" class="chip model-chip" {...props} aria-label={`${t('model.choose')}: ${chosen ? `${chosen.label}, ${stateOf(chosen)}` : t('model.none')}`}>
          <span class={`dot ${chosen?.state ?? 'none'}`} />
          <span class="chip-text">{chosen?.label ?? settings.value.model ?? t('model.none')}</span>
          <Icon name="down" size={14} />
        </button>
      )}
    >
      {(close) => (
        <>
          {models.value.map((model) => (
            <MenuItem key={model.name} checked={model.name === chosen?.name} onPick={() => {
              choose({ model: model.name });
              close();
            }} note={`${[model.quantization, bytes(model.size_bytes)].filter(Boolean).join(' · ')} · ${stateOf(model)}`}>
              <span class={`dot ${model.state}`} />
              {model.label}
            </MenuItem>
          ))}
          <hr />
          <MenuItem icon="models" onPick={() => {
            close();
            go({ view: 'models' });
          }}>
            {t('model.more')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
