import type { InFlight } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { labelOf } from '../state/models.ts';
import { count, rate, seconds } from '../text/format.ts';

const APIS = { page: null, openai: 'OpenAI', anthropic: 'Anthropic', ollama: 'Ollama' } as const;

export function Requests({ all }: { all: InFlight[] }) {
  return (
    <section aria-labelledby="requests">
      <h2 id="requests">{t('requests')}</h2>
      {all.length === 0 ? (
        <p class="empty">{t('requests.none')}</p>
      ) : (
        <div class="table" tabIndex={0} role="region" aria-labelledby="requests">
          <table>
            <thead>
              <tr>{(['from', 'model', 'state', 'since', 'read', 'written', 'speed'] as const).map((key) => <th key={key} scope="col">{t(`requests.${key}` as const)}</th>)}</tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.id}>
                  <td>{APIS[one.api] ?? t('requests.page')}</td>
                  <td>{labelOf(one.model)}</td>
                  <td>{t(`stage.${one.state}` as const)}</td>
                  <td class="number">{seconds(Date.now() - one.started)}</td>
                  <td class="number">{one.prompt_tokens === null ? '–' : count(one.prompt_tokens)}</td>
                  <td class="number">{count(one.completion_tokens)}</td>
                  <td class="number">{one.tokens_per_second === null ? '–' : t('counts.speed', { n: rate(one.tokens_per_second) })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
