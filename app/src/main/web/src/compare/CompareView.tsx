import { useEffect } from 'preact/hooks';
import { Bar } from '../chat/Topbar.tsx';
import { t } from '../i18n/index.ts';
import { comparisonOf, comparisonsFailure, readComparison, readComparisons } from '../state/comparisons.ts';
import { go, href, route } from '../state/route.ts';
import { Button } from '../ui/Button.tsx';
import { Problem } from '../ui/Problem.tsx';
import { Challenge } from './Challenge.tsx';
import { Duel } from './Duel.tsx';
import { Past } from './Past.tsx';

export function CompareView() {
  const here = route.value;
  const id = here.view === 'compare' ? here.id : null;
  useEffect(() => void (id === null ? readComparisons() : readComparison(id)), [id]);
  const comparison = comparisonOf(id);
  return (
    <div class="view">
      <Bar title={<h1>{id === null ? t('view.compare') : <a href={href({ view: 'compare', id: null })}>{t('view.compare')}</a>}</h1>}>
        {id !== null && <Button icon="plus" onClick={() => go({ view: 'compare', id: null })}>{t('compare.new')}</Button>}
      </Bar>
      <div class={id === null ? 'view-inside' : 'view-inside wide'} tabIndex={-1}>
        {comparisonsFailure.value && <Problem failure={comparisonsFailure.value} onRetry={() => void (id === null ? readComparisons() : readComparison(id))} />}
        {id === null ? (
          <>
            <Challenge />
            <Past />
          </>
        ) : (
          comparison && <Duel comparison={comparison} />
        )}
      </div>
    </div>
  );
}
