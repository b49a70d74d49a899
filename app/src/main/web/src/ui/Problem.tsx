import type { ComponentChildren } from 'preact';
import type { Failure } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { told } from '../text/failures.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';

/** What went wrong, where it went wrong, and what to do. */
export function Problem({ failure, onRetry, children }: { failure: Failure; onRetry?: () => void; children?: ComponentChildren }) {
  const { message, hint } = told(failure);
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      <div>
        <p>{message}</p>
        {hint && <p class="dim">{hint}</p>}
      </div>
      {children}
      {onRetry && <Button icon="retry" onClick={onRetry}>{t('retry')}</Button>}
    </div>
  );
}
