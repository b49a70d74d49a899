import { useSignal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { copy } from '../markdown/code.ts';
import { IconButton } from '../ui/Button.tsx';

export function Copy({ text, label, size = 16 }: { text: string; label?: string; size?: number }) {
  const copied = useSignal(false);
  return (
    <IconButton icon={copied.value ? 'check' : 'copy'} size={size} label={copied.value ? t('copied') : (label ?? t('copy'))} onClick={async () => {
      copied.value = await copy(text);
      setTimeout(() => (copied.value = false), 1600);
    }} />
  );
}
