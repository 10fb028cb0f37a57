import { route } from '../router/router.ts';
import { layout } from '../screens/floor/layout.ts';

const targets = [
  ['panel-ticket', 'Ticket'],
  ['panel-pit', 'Pit'],
  ['panel-orders', 'Orders'],
] as const;

/** Links that take the keyboard past the frame; seen once they have the focus. */
export function SkipLinks() {
  const skip = (event: MouseEvent, id: string) => {
    // The address names the screen, so that the link may not change it.
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  const shown =
    route.value.screen === 'floor' && layout.value === 'desktop' ? targets : ([['screen', 'Content']] as const);
  return (
    <nav class="skips" aria-label="Skip">
      {shown.map(([id, text]) => (
        <a key={id} href={`#${id}`} onClick={(event) => skip(event, id)}>
          Skip to {text.toLowerCase()}
        </a>
      ))}
    </nav>
  );
}
