import type { ComponentChildren, JSX } from 'preact';
import './ui.css';

type ButtonProps = JSX.IntrinsicElements['button'] & {
  /** What it stands for: an order's side, the person's own next step, or nothing in particular. */
  kind?: 'buy' | 'sell' | 'you' | 'plain' | undefined;
  isSmall?: boolean;
  children: ComponentChildren;
};

/** A button that says its act. */
export function Button({ kind, isSmall, class: _, children, ...rest }: ButtonProps) {
  return (
    <button type="button" class={['button', kind, isSmall && 'small'].filter(Boolean).join(' ')} {...rest}>
      {children}
    </button>
  );
}
