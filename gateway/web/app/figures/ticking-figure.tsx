import type { ComponentProps } from 'preact';
import { useRef } from 'preact/hooks';
import { Figure } from './figure.tsx';
import { type Tick, tickAfter } from './tick.ts';

/** A price whose ground is tinted for a moment when it goes up or down, twice a second at most. */
export function TickingFigure({ value, class: className, ...format }: ComponentProps<typeof Figure>) {
  const tick = useRef<Tick>({ value: undefined, atMs: 0, count: 0, way: '' });
  tick.current = tickAfter(tick.current, value, performance.now());
  const { count, way } = tick.current;
  // A new element begins its animation anew.
  return <Figure key={count} value={value} class={[className, way].filter(Boolean).join(' ')} {...format} />;
}
