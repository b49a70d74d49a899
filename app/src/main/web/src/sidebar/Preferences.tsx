import { api } from '../api/client.ts';
import { spoken, t } from '../i18n/index.ts';
import { panel } from '../state/panels.ts';
import { language, theme } from '../state/prefs.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { save } from '../ui/save.ts';

const THEMES = [['auto', 'auto'], ['light', 'sun'], ['dark', 'moon']] as const;

export function Preferences({ onImport }: { onImport: () => void }) {
  return (
    <Menu label={t('preferences')} up opener={(props) => (
      <button type="button" class="view-button" {...props}>
        <Icon name="sliders" />
        <span>{t('preferences')}</span>
      </button>
    )}>
      {(close) => (
        <>
          <p class="menu-head" aria-hidden="true">{t('theme')}</p>
          {THEMES.map(([name, icon]) => (
            <MenuItem key={name} icon={icon} checked={theme.value === name} onPick={() => (theme.value = name)}>{t(`theme.${name}` as const)}</MenuItem>
          ))}
          <hr />
          <p class="menu-head" aria-hidden="true">{t('language')}</p>
          <MenuItem icon="globe" checked={spoken.value === 'en'} onPick={() => (language.value = 'en')}>English</MenuItem>
          <MenuItem icon="globe" checked={spoken.value === 'zh'} onPick={() => (language.value = 'zh')}>中文</MenuItem>
          <hr />
          <MenuItem icon="upload" onPick={() => {
            close();
            onImport();
          }}>{t('import')}</MenuItem>
          <MenuItem icon="download" onPick={() => {
            close();
            save(api.exportUrl(null, 'json'));
          }}>{t('export.all')}</MenuItem>
          <MenuItem icon="help" onPick={() => {
            close();
            panel.value = 'shortcuts';
          }}>{t('shortcuts')}</MenuItem>
        </>
      )}
    </Menu>
  );
}
