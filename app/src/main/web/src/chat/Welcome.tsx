import { t } from '../i18n/index.ts';
import { models, modelsRead } from '../state/models.ts';
import { go } from '../state/route.ts';
import { Button } from '../ui/Button.tsx';
import { Mark } from '../ui/icons.tsx';

const SUGGESTIONS = ['welcome.1', 'welcome.2', 'welcome.3', 'welcome.4'] as const;

/** Before the first word: what one could say, or, without a model, how to get one. */
export function Welcome({ onSuggest }: { onSuggest: (text: string) => void }) {
  const noModel = modelsRead.value && models.value.length === 0;
  return (
    <div class="welcome">
      <Mark size={56} />
      <h1>{t('welcome')}</h1>
      {noModel ? (
        <>
          <p>{t('welcome.noModel')}</p>
          <Button kind="main" icon="download" onClick={() => go({ view: 'models' })}>{t('welcome.getModel')}</Button>
        </>
      ) : (
        <ul class="suggestions">
          {SUGGESTIONS.map((key) => (
            <li key={key}>
              <button type="button" onClick={() => onSuggest(t(key))}>{t(key)}</button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
