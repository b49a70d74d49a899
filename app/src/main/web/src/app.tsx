import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { line, reconnectNow } from './api/events.ts';
import { keyWanted } from './api/http.ts';
import { ChatView } from './chat/ChatView.tsx';
import { SettingsPanel } from './chat/SettingsPanel.tsx';
import { t } from './i18n/index.ts';
import { conversationOf } from './state/conversations.ts';
import { announcement, drawer, panel } from './state/panels.ts';
import { route } from './state/route.ts';
import { start } from './start.ts';
import { Sidebar } from './sidebar/Sidebar.tsx';
import { Shortcuts } from './ui/Shortcuts.tsx';
import { SignIn } from './ui/SignIn.tsx';
import { Toasts } from './ui/Toasts.tsx';

export function App() {
  const here = route.value;
  useEffect(() => {
    const title = here.view === 'chat' ? conversationOf(here.id)?.title : t(`view.${here.view}` as const);
    document.title = title ? `${title} · Hadal` : 'Hadal';
  });
  if (keyWanted.value) return <SignIn onDone={() => void start()} />;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}>{t('skip')}</a>
      <Sidebar />
      {drawer.value && <div class="shade" onClick={() => (drawer.value = false)} />}
      <main id="main" tabIndex={-1}>
        {line.value === 'lost' && (
          <div class="line-lost" role="status">
            <span class="pulse" aria-hidden="true" />
            <span>{t('line.lost')}</span>
            <button type="button" onClick={reconnectNow}>{t('line.now')}</button>
          </div>
        )}
        <View />
      </main>
      {panel.value === 'settings' && <SettingsPanel />}
      {panel.value === 'shortcuts' && <Shortcuts />}
      <Toasts />
      <div class="off-screen" role="status" aria-live="polite">{announcement.value}</div>
    </>
  );
}

const LATER = {
  compare: () => import('./compare/CompareView.tsx').then((module) => module.CompareView),
  models: () => import('./models/ModelsView.tsx').then((module) => module.ModelsView),
  server: () => import('./server/ServerView.tsx').then((module) => module.ServerView),
};

function View() {
  const here = route.value;
  return here.view === 'chat' ? <ChatView id={here.id} /> : <Later key={here.view} view={here.view} />;
}

/** A view whose code comes when it is first wanted. */
function Later({ view }: { view: keyof typeof LATER }) {
  const Came = useSignal<ComponentType | null>(null);
  useEffect(() => void LATER[view]().then((component) => (Came.value = component as ComponentType)), [view]);
  return Came.value ? <Came.value /> : <div class="coming" aria-busy="true" />;
}
