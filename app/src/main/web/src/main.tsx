import { render } from 'preact';
import { App } from './app.tsx';
import { applyLanguage } from './i18n/index.ts';
import { listenToKeys } from './keys.ts';
import { announceAnswers, start } from './start.ts';
import { applyTheme } from './state/prefs.ts';
import { followAddress } from './state/route.ts';
import './styles/index.css';

applyTheme();
applyLanguage();
followAddress();
listenToKeys();
announceAnswers();
render(<App />, document.getElementById('page')!);
void start();
