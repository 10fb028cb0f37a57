import { preferences, setPreferences } from '../../store/preferences.ts';

const heights = { min: 120, max: 600, step: 22 };

/** The edge above the blotter: dragged, or moved by the arrow keys. */
export function Resizer() {
  const height = preferences.value.blotterHeight;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: heights.step, ArrowDown: -heights.step }[event.key];
    const to = { Home: heights.min, End: heights.max }[event.key] ?? (by === undefined ? undefined : height + by);
    if (to === undefined) return;
    event.preventDefault();
    resize(to);
  };
  return (
    <div
      class="resizer"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the orders"
      aria-valuenow={height}
      aria-valuemin={heights.min}
      aria-valuemax={heights.max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          resize(bottomOf(event.currentTarget) - event.clientY);
      }}
    />
  );
}

function resize(height: number): void {
  // The chart and the list need some room above.
  const max = Math.min(heights.max, innerHeight - 320);
  setPreferences({ blotterHeight: Math.round(Math.max(heights.min, Math.min(max, height))) });
}

function bottomOf(element: HTMLElement): number {
  return element.parentElement?.getBoundingClientRect().bottom ?? innerHeight;
}
