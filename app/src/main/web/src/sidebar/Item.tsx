import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import type { Conversation, Match } from '../api/types.ts';
import { Rename } from '../chat/Topbar.tsx';
import { t } from '../i18n/index.ts';
import { change, conversationOf, remove } from '../state/conversations.ts';
import { drawer } from '../state/panels.ts';
import { href, route } from '../state/route.ts';
import { IconButton } from '../ui/Button.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { save } from '../ui/save.ts';

export function Item({ conversation, match }: { conversation: Conversation; match?: Match }) {
  const renaming = useSignal(false);
  const { id } = conversation;
  const { title, pinned, running } = conversationOf(id) ?? conversation;
  const here = route.value.view === 'chat' && route.value.id === id;
  return (
    <li class={here ? 'item here' : 'item'}>
      {renaming.value ? (
        <Rename title={title} onDone={(next) => {
          renaming.value = false;
          if (next !== null && next !== title) void change(id, { title: next });
        }} />
      ) : (
        <a href={href({ view: 'chat', id })} aria-current={here ? 'page' : undefined} onClick={() => (drawer.value = false)} title={title}>
          <span class="item-title">{title || t('list.untitled')}</span>
          {match && match.message !== null && <Snippet match={match} />}
          {running && <span class="pulse" role="img" aria-label={t('answering')} />}
        </a>
      )}
      <Menu label={title} align="end" opener={(props) => <IconButton icon="more" size={16} label={t('more.of', { title })} {...props} />}>
        {(close) => {
          const then = (act: () => void) => () => {
            close();
            act();
          };
          return (
            <>
              <MenuItem icon="edit" onPick={then(() => (renaming.value = true))}>{t('rename')}</MenuItem>
              <MenuItem icon="pin" onPick={then(() => void change(id, { pinned: !pinned }))}>{pinned ? t('unpin') : t('pin')}</MenuItem>
              <MenuItem icon="download" onPick={then(() => save(api.exportUrl(id, 'markdown')))}>{t('export.markdown')}</MenuItem>
              <MenuItem icon="trash" bad onPick={then(() => void remove(id))}>{t('delete')}</MenuItem>
            </>
          );
        }}
      </Menu>
    </li>
  );
}

function Snippet({ match: { snippet, ranges } }: { match: Match }) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(snippet.slice(at, from), <mark key={from}>{snippet.slice(from, to)}</mark>);
    at = to;
  }
  return <small class="snippet">{parts}{snippet.slice(at)}</small>;
}
