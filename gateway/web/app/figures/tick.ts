/** When a price that changed is marked. */
import { parseMicros } from './decimal.ts';

/** What is known of a price: its value, when it was marked last, how often, and which way it went then. */
export type Tick = { value: string | undefined; atMs: number; count: number; way: '' | 'tick-up' | 'tick-down' };

const everyMs = 500;

/** The tick once the price has a value; the first value, and what follows within half a second, is not marked. */
export function tickAfter(tick: Tick, value: string | undefined, nowMs: number): Tick {
  if (value === tick.value) return tick;
  const [before, after] = [parseMicros(tick.value), parseMicros(value)];
  const isMarked = before !== undefined && after !== undefined && nowMs - tick.atMs >= everyMs;
  if (!isMarked) return { ...tick, value };
  return { value, atMs: nowMs, count: tick.count + 1, way: after > before ? 'tick-up' : 'tick-down' };
}
