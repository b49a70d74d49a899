import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { change, conversationOf, remove } from '../state/conversations.ts';
import { drawer, panel } from '../state/panels.ts';
import { sidebarShown } from '../state/prefs.ts';
import { settings } from '../state/settings.ts';
import { presets } from '../state/presets.ts';
import { IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { save } from '../ui/save.ts';

/** The bar above a view; on a narrow screen it opens the list. */
export function Bar({ title, children }: { title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="bar">
      <IconButton icon="menu" class="only-narrow" label={t('list.open')} onClick={() => (drawer.value = true)} />
      {!sidebarShown.value && <IconButton icon="panel" class="only-wide" label={t('list.show')} onClick={() => (sidebarShown.value = true)} />}
      <div class="bar-title">{title}</div>
      {children}
    </header>
  );
}

export function Topbar({ id }: { id: string | null }) {
  const conversation = conversationOf(id);
  const renaming = useSignal(false);
  const preset = presets.value.find((one) => one.id === settings.value.preset);
  const adjusted = settings.value.system !== '' || Object.values(settings.value.sampling).some((value) => value !== null && value !== undefined);
  return (
    <Bar title={
      renaming.value && conversation ? (
        <Rename title={conversation.title} onDone={(title) => {
          renaming.value = false;
          if (title !== null && title !== conversation.title) void change(conversation.id, { title });
        }} />
      ) : (
        <h1 title={conversation?.title} onDblClick={() => (renaming.value = conversation !== undefined)}>{conversation?.title || t('chat.new')}</h1>
      )
    }>
      <button type="button" class={adjusted ? 'chip adjusted' : 'chip'} onClick={() => (panel.value = 'settings')} title={t('settings.open')} aria-label={t('settings.open')}>
        <Icon name="sliders" size={16} />
        <span class="chip-text wide-text">{preset?.name ?? t('settings')}</span>
      </button>
      {conversation && (
        <Menu label={t('more')} align="end" opener={(props) => <IconButton icon="more" label={t('more')} {...props} />}>
          {(close) => {
            const then = (act: () => void) => () => {
              close();
              act();
            };
            return (
              <>
                <MenuItem icon="edit" onPick={then(() => (renaming.value = true))}>{t('rename')}</MenuItem>
                <MenuItem icon="pin" onPick={then(() => void change(conversation.id, { pinned: !conversation.pinned }))}>{conversation.pinned ? t('unpin') : t('pin')}</MenuItem>
                <MenuItem icon="download" onPick={then(() => save(api.exportUrl(conversation.id, 'markdown')))}>{t('export.markdown')}</MenuItem>
                <MenuItem icon="download" onPick={then(() => save(api.exportUrl(conversation.id, 'json')))}>{t('export.json')}</MenuItem>
                <hr />
                <MenuItem icon="trash" bad onPick={then(() => void remove(conversation.id))}>{t('delete')}</MenuItem>
              </>
            );
          }}
        </Menu>
      )}
    </Bar>
  );
}

export function Rename({ title, onDone }: { title: string; onDone: (title: string | null) => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.select(), []);
  return (
    <input class="rename" value={title} aria-label={t('rename')} ref={box} maxLength={200}
      onClick={(event) => event.preventDefault()}
      onBlur={(event) => onDone(event.currentTarget.value.trim() || null)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter' && !event.isComposing) event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.currentTarget.value = title;
          event.currentTarget.blur();
        }
      }} />
  );
}
