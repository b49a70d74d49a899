import { t } from '../i18n/index.ts';
import { SHORTCUTS } from '../keys.ts';
import { panel } from '../state/panels.ts';
import { Dialog } from './Dialog.tsx';

export function Shortcuts() {
  return (
    <Dialog title={t('shortcuts')} onClose={() => (panel.value = null)}>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ keys, key }) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{keys.map((name) => <kbd key={name}>{name}</kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
