import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { CodeBlock } from '../markdown/code.ts';
import { defaultModel } from '../state/models.ts';
import { LANGUAGES, snippet, type Language } from './snippets.ts';

/** The way in for programs: ready to copy, with this server's address and model. */
export function Snippets({ address, keyed }: { address: string; keyed: boolean }) {
  const chosen = useSignal<Language>('curl');
  const place = useRef<HTMLDivElement>(null);
  const text = snippet(chosen.value, address, defaultModel.value ?? 'tiny', keyed);
  useLayoutEffect(() => {
    const block = new CodeBlock(LANGUAGES.find((one) => one.id === chosen.value)!.code);
    block.update(text, true);
    place.current!.replaceChildren(block.element);
  }, [text]);

  return (
    <section aria-labelledby="snippets">
      <h2 id="snippets">{t('snippets')}</h2>
      <p class="dim">{t('snippets.hint', { address })}</p>
      <div class="tabs" role="tablist" aria-label={t('snippets')} onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (step === 0) return;
        const at = LANGUAGES.findIndex((one) => one.id === chosen.value);
        chosen.value = LANGUAGES[(at + step + LANGUAGES.length) % LANGUAGES.length]!.id;
        requestAnimationFrame(() => document.getElementById('tab-' + chosen.value)?.focus());
      }}>
        {LANGUAGES.map(({ id, name }) => (
          <button key={id} id={'tab-' + id} type="button" role="tab" aria-selected={chosen.value === id} aria-controls="snippet" tabIndex={chosen.value === id ? 0 : -1} onClick={() => (chosen.value = id)}>{name}</button>
        ))}
      </div>
      <div id="snippet" ref={place} role="tabpanel" aria-labelledby={'tab-' + chosen.value} />
    </section>
  );
}
