import { t } from '../i18n/index.ts';
import { show, type steps } from '../state/thread.ts';
import { IconButton } from '../ui/Button.tsx';

type Step = (typeof steps.value)[number];

/** Arrows between the versions of a message. */
export function Branches({ step: { id, siblings } }: { step: Step }) {
  if (siblings.length < 2) return null;
  const at = siblings.indexOf(id);
  return (
    <span class="branches" role="group" aria-label={t('branch.of', { n: at + 1, all: siblings.length })}>
      <IconButton icon="left" size={14} label={t('branch.before')} aria-disabled={at === 0} onClick={() => at > 0 && show(siblings[at - 1]!)} />
      <span aria-hidden="true">{at + 1}/{siblings.length}</span>
      <IconButton icon="right" size={14} label={t('branch.after')} aria-disabled={at === siblings.length - 1} onClick={() => at < siblings.length - 1 && show(siblings[at + 1]!)} />
    </span>
  );
}
