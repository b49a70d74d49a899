import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { comparisons, readComparisons, tally } from '../state/comparisons.ts';
import { labelOf } from '../state/models.ts';
import { href } from '../state/route.ts';
import { toastFailure } from '../state/toasts.ts';
import { moment } from '../text/format.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { save } from '../ui/save.ts';
import { verdict } from './Duel.tsx';

/** What was compared, and how it stands. */
export function Past() {
  if (comparisons.value.length === 0) return null;
  return (
    <>
      {tally.value.length > 0 && (
        <section aria-labelledby="tally">
          <div class="section-head">
            <h2 id="tally">{t('tally')}</h2>
            <Button kind="quiet" icon="download" onClick={() => save(api.votesUrl())}>{t('tally.export')}</Button>
          </div>
          <table class="tally">
            <thead>
              <tr>{(['model', 'wins', 'losses', 'ties'] as const).map((key) => <th key={key} scope="col">{t(`tally.${key}` as const)}</th>)}</tr>
            </thead>
            <tbody>
              {tally.value.map((row) => (
                <tr key={row.model}>
                  <th scope="row">{labelOf(row.model)}</th>
                  <td>{row.wins}</td>
                  <td>{row.losses}</td>
                  <td>{row.ties}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section aria-labelledby="past">
        <h2 id="past">{t('compare.past')}</h2>
        <ul class="past">
          {comparisons.value.map((one) => (
            <li key={one.id}>
              <a href={href({ view: 'compare', id: one.id })}>
                <span class="past-prompt">{one.prompt}</span>
                <small>{verdict(one)} · {moment(one.created)}</small>
              </a>
              <IconButton icon="trash" size={16} label={t('compare.delete', { prompt: one.prompt })} onClick={() => void api.removeComparison(one.id).then(readComparisons, toastFailure)} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
