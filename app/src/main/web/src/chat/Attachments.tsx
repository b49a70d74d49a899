import { useState } from 'preact/hooks';
import type { Attachment } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { bytes } from '../text/format.ts';
import { IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/icons.tsx';

const encoder = new TextEncoder();

/** Files of a message, or of one being written; a click shows what is in it. */
export function Attachments({ files, onRemove }: { files: Attachment[]; onRemove?: (index: number) => void }) {
  const [shown, show] = useState<Attachment | null>(null);
  if (files.length === 0) return null;
  return (
    <ul class="attachments" aria-label={t('attach.list')}>
      {files.map((file, index) => (
        <li key={index} class="attachment">
          <button type="button" class="attachment-open" onClick={() => show(file)}>
            <Icon name="file" size={16} />
            <span class="attachment-name">{file.name}</span>
            <small>{bytes(encoder.encode(file.text).length)}</small>
          </button>
          {onRemove && <IconButton icon="close" size={14} label={t('attach.remove', { name: file.name })} onClick={() => onRemove(index)} />}
        </li>
      ))}
      {shown && (
        <Dialog title={shown.name} onClose={() => show(null)}>
          <pre class="attachment-text" tabIndex={0}>{shown.text}</pre>
        </Dialog>
      )}
    </ul>
  );
}
