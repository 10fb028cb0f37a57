import type { ComponentChildren } from 'preact';

/** What needs someone's attention, in words that stand out without their colour. */
export function Flag({ children }: { children: ComponentChildren }) {
  return <b class="inverted flag">{children}</b>;
}
