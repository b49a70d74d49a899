import type { ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icons.tsx';

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'label'>;

/** A button that is an icon: its label is for those who do not see it, and its tooltip. */
export function IconButton({ icon, label, size, buttonRef, class: extra, ...rest }: { icon: IconName; label: string; size?: number; buttonRef?: Ref<HTMLButtonElement>; class?: string } & Native) {
  return (
    <button type="button" ref={buttonRef} class={`icon-button ${extra ?? ''}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} size={size} />
    </button>
  );
}

export function Button({ icon, kind = 'plain', children, ...rest }: { icon?: IconName; kind?: 'plain' | 'main' | 'bad' | 'quiet'; children: ComponentChildren } & Native) {
  return (
    <button type="button" {...rest} class={`button ${kind}`}>
      {icon && <Icon name={icon} size={16} />}
      <span>{children}</span>
    </button>
  );
}
