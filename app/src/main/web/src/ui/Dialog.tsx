import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { IconButton } from './Button.tsx';

/** The browser's own dialog: it keeps the focus inside, gives it back, and closes on Escape. */
export function Dialog({ title, onClose, children, side = false }: { title: string; onClose: () => void; children: ComponentChildren; side?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} class={side ? 'dialog side' : 'dialog'} aria-labelledby={id} onClose={onClose} onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}>
      <div class="dialog-inside">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t('close')} onClick={() => dialog.current?.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
