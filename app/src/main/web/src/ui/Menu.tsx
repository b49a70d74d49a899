import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

interface Opener {
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  'aria-controls': string | undefined;
  onClick: () => void;
  onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => void;
}

/** A menu below its button: arrows, Home, End and first letters move, Escape and a click elsewhere close it. */
export function Menu({ opener, children, align = 'start', up = false, label }: { opener: (props: Opener) => ComponentChildren; children: (close: () => void) => ComponentChildren; align?: 'start' | 'end'; up?: boolean; label: string }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  const items = () => [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not([aria-disabled=true])') ?? [])];
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };

  useEffect(() => {
    if (!open) return;
    (items().find((item) => item.getAttribute('aria-checked') === 'true') ?? items()[0])?.focus();
    const away = (event: Event) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);

  const move = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to =
      event.key === 'ArrowDown' ? (at + 1) % all.length
      : event.key === 'ArrowUp' ? (at - 1 + all.length) % all.length
      : event.key === 'Home' ? 0
      : event.key === 'End' ? all.length - 1
      : event.key.length === 1 && event.key !== ' ' ? all.findIndex((item, i) => i > at && item.textContent!.trim().toLowerCase().startsWith(event.key.toLowerCase()))
      : -1;
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      close();
    }
    if (to >= 0) {
      event.preventDefault();
      all[to]?.focus();
    }
  };

  return (
    <div class="menu-root" ref={root}>
      {opener({
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
        onClick: () => setOpen(!open),
        onKeyDown: (event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        },
      })}
      {open && (
        <div id={id} role="menu" aria-label={label} class={`menu ${align} ${up ? 'up' : ''}`} onKeyDown={move}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

export function MenuItem({ icon, checked, bad, disabled, onPick, children, note }: { icon?: IconName; checked?: boolean; bad?: boolean; disabled?: boolean; onPick: () => void; children: ComponentChildren; note?: ComponentChildren }) {
  return (
    <button type="button" role={checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={checked} aria-disabled={disabled} tabIndex={-1} class={`menu-item ${bad ? 'bad' : ''}`} onClick={() => !disabled && onPick()}>
      {icon && <Icon name={icon} size={16} />}
      <span class="menu-text">
        <span>{children}</span>
        {note && <small>{note}</small>}
      </span>
      {checked && <Icon name="check" size={16} />}
    </button>
  );
}
