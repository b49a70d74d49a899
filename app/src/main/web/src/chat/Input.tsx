import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { IconButton } from '../ui/Button.tsx';
import { Attachments } from './Attachments.tsx';
import { readFiles } from './files.ts';

export interface Written {
  content: string;
  attachments: Attachment[];
}

interface Props {
  written: Written;
  onWrite: (written: Written) => void;
  onSend: () => void;
  placeholder: string;
  box: RefObject<HTMLTextAreaElement | null>;
  tools?: ComponentChildren;
  action: ComponentChildren;
  busy?: boolean;
}

/** A text box that grows, takes files by button, by dropping and by pasting, and sends with Enter. */
export function Input({ written, onWrite, onSend, placeholder, box, tools, action, busy }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string[]>([]);
  const [over, setOver] = useState(false);

  useLayoutEffect(() => {
    const area = box.current!;
    area.style.height = 'auto';
    area.style.height = area.scrollHeight + 'px';
  }, [written.content]);

  const take = async (files: Iterable<File> | null | undefined) => {
    if (!files) return;
    const read = await readFiles(files);
    setRefused(read.refused);
    if (read.attachments.length > 0) onWrite({ ...written, attachments: [...written.attachments, ...read.attachments] });
    box.current?.focus();
  };

  return (
    <div
      class={over ? 'input over' : 'input'}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files);
      }}
    >
      <Attachments files={written.attachments} onRemove={(index) => onWrite({ ...written, attachments: written.attachments.filter((_, i) => i !== index) })} />
      {refused.map((sentence) => (
        <p key={sentence} class="input-problem" role="alert">{sentence}</p>
      ))}
      <textarea
        ref={box}
        rows={1}
        value={written.content}
        placeholder={placeholder}
        aria-label={placeholder}
        aria-busy={busy}
        dir="auto"
        onInput={(event) => onWrite({ ...written, content: event.currentTarget.value })}
        onPaste={(event) => {
          const files = event.clipboardData?.files;
          if (!files?.length) return;
          event.preventDefault();
          void take(files);
        }}
        onKeyDown={(event) => {
          // While an input method composes, Enter chooses a word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          onSend();
        }}
      />
      <div class="input-tools">
        <input ref={picker} type="file" multiple hidden tabIndex={-1} aria-label={t('attach')} onChange={(event) => {
          void take([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }} />
        <IconButton icon="clip" label={t('attach')} onClick={() => picker.current?.click()} />
        {tools}
        <span class="grow" />
        {action}
      </div>
    </div>
  );
}
