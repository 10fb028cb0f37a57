import type { ComponentChildren } from 'preact';
import './ui.css';

type PanelProps = {
  /** Name of the region; unique on its screen, as it makes its id. */
  name: string;
  /** What stands in the head in place of the name, such as tabs. */
  head?: ComponentChildren;
  /** What stands at the right of the head. */
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
};

/** A region with a head. F6 moves between them. */
export function Panel({ name, head, aside, class: className, children }: PanelProps) {
  const id = `panel-${name.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <section class={['panel', className].filter(Boolean).join(' ')} aria-label={name} id={id} data-region tabIndex={-1}>
      <div class="panel-head">
        {head ?? <h2>{name}</h2>}
        {aside !== undefined && <div class="rest">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
