import { t } from '../i18n/index.ts';
import { dismiss, toasts } from '../state/toasts.ts';
import { IconButton } from './Button.tsx';

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, hint, bad, action, onAction }) => (
        <div key={id} class={bad ? 'toast bad' : 'toast'}>
          <div>
            <p>{text}</p>
            {hint && <p class="dim">{hint}</p>}
          </div>
          {action && (
            <button type="button" class="toast-action" onClick={() => {
              onAction?.();
              dismiss(id);
            }}>
              {action}
            </button>
          )}
          <IconButton icon="close" label={t('close')} size={16} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
