/** Binds keys to what screens offer. */
import { go } from '../router/router.ts';
import { preferences } from '../store/preferences.ts';
import { selectedSymbol, selectedTimeFrame } from '../store/selection.ts';
import { type Command, commandOf } from './keymap.ts';

const prefixMs = 1_500;
const handlers = new Map<Command, () => void>();
let prefixAtMs = Number.NEGATIVE_INFINITY;

/** Runs `act` for a command, in place of what ran before. Returns what ends that. */
export function onCommand(command: Command, act: () => void): () => void {
  handlers.set(command, act);
  return () => {
    if (handlers.get(command) === act) handlers.delete(command);
  };
}

/** Begins to listen. */
export function watchKeys(): void {
  onCommand('go floor', () =>
    go({ screen: 'floor', symbol: selectedSymbol.peek(), timeFrame: selectedTimeFrame.peek() }),
  );
  for (const screen of ['portfolio', 'orders', 'money', 'automation', 'inbox'] as const) {
    onCommand(`go ${screen}`, () => go({ screen, rest: '' }));
  }
  onCommand('next region', () => moveRegion(1));
  onCommand('previous region', () => moveRegion(-1));
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const afterG = performance.now() - prefixAtMs < prefixMs;
    const command = commandOf(event, {
      inField: isField(event.target),
      afterG,
      singleKeys: preferences.peek().singleKeys,
    });
    prefixAtMs = command === 'prefix' ? performance.now() : Number.NEGATIVE_INFINITY;
    const act = command === undefined || command === 'prefix' ? undefined : handlers.get(command);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, select, textarea') || target.isContentEditable);
}

// Regions are marked where they are made, and stand in the order of the page.
function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (one) => one.offsetParent !== null,
  );
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(current + step + regions.length) % regions.length];
  const inside = next?.querySelector<HTMLElement>(
    '[tabindex="0"], button:not(:disabled), input:not(:disabled), a[href]',
  );
  (inside ?? next)?.focus();
}
