import { useSignal } from '@preact/signals';
import { api } from '../api/client.ts';
import { failureOf, keyWanted } from '../api/http.ts';
import type { Failure } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Mark } from './icons.tsx';
import { Problem } from './Problem.tsx';

/** The key goes to the server once and stays there as a cookie that no script can read. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const failure = useSignal<Failure | null>(null);
  return (
    <main class="sign-in">
      <form onSubmit={async (event) => {
        event.preventDefault();
        try {
          await api.signIn(String(new FormData(event.currentTarget).get('key') ?? '').trim());
          keyWanted.value = false;
          onDone();
        } catch (error) {
          failure.value = failureOf(error);
        }
      }}>
        <Mark size={48} />
        <h1>{t('signIn')}</h1>
        <p class="dim">{t('signIn.hint')}</p>
        {failure.value && <Problem failure={failure.value} />}
        <label class="field">
          <span>{t('signIn.key')}</span>
          <input name="key" type="password" autocomplete="current-password" required autoFocus />
        </label>
        <button type="submit" class="button main">{t('signIn.do')}</button>
      </form>
    </main>
  );
}
