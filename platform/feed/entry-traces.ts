/** The traces that the entries of a feed belong to, while these are applied. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { openGroup } from '#platform/telemetry/group-span.ts';
import { isTracing, nameOf, SpanKind } from '#platform/telemetry/spans.ts';
import { runWithTrace, startTrace, type Trace, traceNamedBy } from '#platform/telemetry/trace-context.ts';
import type { EntryTrace } from './apply-options.ts';

const waitingMax = 256;

type Known = { firstSequence: bigint; lastSequence: bigint; trace: Trace };
const applied = new AsyncLocalStorage<readonly Known[]>();

/** The traces of entries that wait. */
export class EntryTraces {
  #waiting: Known[] = [];

  /** Adds those of a page; without room the oldest go. */
  add(traces: readonly EntryTrace[] = []): void {
    if (traces.length === 0 || !isTracing()) return;
    const added = traces.map(({ traceparent, ...range }) => ({ ...range, trace: traceNamedBy(traceparent) }));
    this.#waiting = [...this.#waiting, ...added].slice(-waitingMax);
  }

  /** Drops all, as when what waits is read again. */
  clear(): void {
    this.#waiting = [];
  }

  /** Applies the entries up to a sequence: in a group of their traces, where one of them is recorded. */
  async apply<R>(name: string, to: bigint, work: () => Promise<R>): Promise<R> {
    if (this.#waiting.length === 0) return work();
    const known = this.#waiting.filter(({ firstSequence }) => firstSequence <= to);
    this.#waiting = this.#waiting.filter(({ lastSequence }) => lastSequence > to);
    const group = openGroup(
      { name, kind: SpanKind.CONSUMER },
      known.map(({ trace }) => trace),
    );
    if (known.length === 0 || group === undefined) return work();
    try {
      const result = await applied.run(known, () => runWithTrace(group.trace, work));
      group.end();
      return result;
    } catch (error) {
      group.end(nameOf(error));
      throw error;
    }
  }
}

/** Runs `fn` in the trace of an entry that is being applied: what it leads to belongs to that, not to the group. */
export function inEntryTrace<T>(sequence: bigint, fn: () => T): T {
  const known = applied.getStore();
  if (known === undefined) return fn();
  const found = known.find(({ firstSequence, lastSequence }) => firstSequence <= sequence && sequence <= lastSequence);
  return runWithTrace(found?.trace ?? startTrace(), fn);
}
