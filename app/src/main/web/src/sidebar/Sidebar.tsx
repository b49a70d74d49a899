import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { conversations, hasMore, importFile, listFailure, listRead, readList, readMore } from '../state/conversations.ts';
import { drawer } from '../state/panels.ts';
import { sidebarShown } from '../state/prefs.ts';
import { go, href, route, type Route } from '../state/route.ts';
import { found, query, search, searchFailure } from '../state/search.ts';
import { ageOf, type Age } from '../text/format.ts';
import type { Conversation } from '../api/types.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon, Mark, type IconName } from '../ui/icons.tsx';
import { Problem } from '../ui/Problem.tsx';
import { Item } from './Item.tsx';
import { Preferences } from './Preferences.tsx';

const VIEWS: { to: Route; icon: IconName; key: 'view.compare' | 'view.models' | 'view.server' }[] = [
  { to: { view: 'compare', id: null }, icon: 'compare', key: 'view.compare' },
  { to: { view: 'models' }, icon: 'models', key: 'view.models' },
  { to: { view: 'server' }, icon: 'server', key: 'view.server' },
];

export function Sidebar() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <nav class={`sidebar ${drawer.value ? 'drawn' : ''} ${sidebarShown.value ? '' : 'hidden-wide'}`} aria-label={t('list')}>
      <div class="sidebar-head">
        <a class="brand" href={href({ view: 'chat', id: null })} aria-label={t('home')}>
          <Mark size={26} />
          <span>Hadal</span>
        </a>
        <IconButton icon="panel" class="only-wide" label={t('list.hide')} onClick={() => (sidebarShown.value = false)} />
        <IconButton icon="close" class="only-narrow" label={t('close')} onClick={() => (drawer.value = false)} />
      </div>
      <button type="button" class="new-chat" onClick={() => {
        go({ view: 'chat', id: null });
        drawer.value = false;
      }}>
        <Icon name="plus" />
        <span>{t('chat.new')}</span>
      </button>
      <label class="search">
        <Icon name="search" size={16} />
        <input id="search" type="search" value={query.value} placeholder={t('search')} aria-label={t('search')} onInput={(event) => search(event.currentTarget.value)} />
      </label>
      <div class="list">{found.value === null ? <Everything onImport={() => picker.current?.click()} /> : <Found all={found.value} />}</div>
      <div class="views">
        {VIEWS.map(({ to, icon, key }) => (
          <a key={key} href={href(to)} aria-current={route.value.view === to.view ? 'page' : undefined} onClick={() => (drawer.value = false)}>
            <Icon name={icon} />
            <span>{t(key)}</span>
          </a>
        ))}
        <Preferences onImport={() => picker.current?.click()} />
      </div>
      <input ref={picker} type="file" accept=".json,.md,.markdown" hidden tabIndex={-1} aria-label={t('import')} onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = '';
        if (file) void importFile(file);
      }} />
    </nav>
  );
}

function Everything({ onImport }: { onImport: () => void }) {
  if (listFailure.value) return <Problem failure={listFailure.value} onRetry={() => void readList()} />;
  if (listRead.value && conversations.value.length === 0) {
    return (
      <div class="empty-list">
        <p>{t('list.empty')}</p>
        <Button kind="quiet" icon="upload" onClick={onImport}>{t('import')}</Button>
      </div>
    );
  }
  const parts = new Map<Age, Conversation[]>();
  for (const one of conversations.value) {
    const age = one.pinned ? 'pinned' : ageOf(one.updated);
    parts.set(age, [...(parts.get(age) ?? []), one]);
  }
  return (
    <>
      {[...parts].map(([age, all]) => (
        <section key={age} aria-label={t(`age.${age}` as const)}>
          <h2>{t(`age.${age}` as const)}</h2>
          <ul>
            {all.map((one) => (
              <Item key={one.id} conversation={one} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore.value && <More />}
    </>
  );
}

/** Reads on when it comes into sight. */
function More() {
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void readMore());
    seen.observe(place.current!);
    return () => seen.disconnect();
  }, []);
  return <button ref={place} type="button" class="more-list" onClick={() => void readMore()}>{t('list.more')}</button>;
}

function Found({ all }: { all: Conversation[] }) {
  if (searchFailure.value) return <Problem failure={searchFailure.value} />;
  if (all.length === 0) return <p class="empty-list" role="status">{t('search.none', { query: query.value })}</p>;
  return (
    <section aria-label={t('search.found', { n: all.length })}>
      <h2><span role="status">{t('search.found', { n: all.length })}</span></h2>
      <ul>
        {all.map((one) => (
          <Item key={one.id} conversation={one} match={one.match} />
        ))}
      </ul>
    </section>
  );
}
