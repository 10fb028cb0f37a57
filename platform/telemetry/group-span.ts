/**
 * Work that is done for several traces at once, as for a group of orders: one span in the trace of the first, with links to the others, and in each
 * of the others a span with a link to it. So every trace has every step, and the step is recorded once with what is below it.
 */
import type { Attributes, SpanKind } from '@opentelemetry/api';
import { isTracing, nameOf, recordSpan } from './spans.ts';
import { childTrace, runWithTrace, startTrace, type Trace } from './trace-context.ts';

/** A group that has begun. `trace` is that of its span; unless `isSampled`, nothing of it is recorded. */
export type GroupSpan = { trace: Trace; end(fault?: string): void };

const othersMax = 32;

/** Begins a group for those of `members` that are recorded; undefined in a process that records nothing. */
export function openGroup(facts: GroupFacts, members: Iterable<Trace | undefined>): GroupSpan | undefined {
  if (!isTracing()) return undefined;
  const sampled: Trace[] = [];
  let head: Trace | undefined;
  for (const member of members) {
    head ??= member;
    if (member?.isSampled && sampled.length <= othersMax) sampled.push(member);
  }
  const [first, ...others] = sampled;
  // What is not recorded must not run on in the trace of something else that is.
  if (first === undefined) return { trace: head ?? startTrace(), end() {} };
  // As without spans, what it carries on is that of the member that came first.
  const trace = { ...childTrace(first), baggage: head?.baggage };
  const { startTimeMs = performance.now(), ...span } = facts;
  return {
    trace,
    end(fault) {
      recordSpan(trace, { ...span, startTimeMs, fault, links: others });
      for (const other of others) recordSpan(childTrace(other), { ...span, startTimeMs, fault, links: [trace] });
    },
  };
}

/** Runs `work` as a group. */
export async function inGroup<T>(facts: GroupFacts, members: Iterable<Trace | undefined>, work: () => Promise<T>) {
  const group = openGroup(facts, members);
  if (group === undefined) return work();
  try {
    const result = await runWithTrace(group.trace, work);
    group.end();
    return result;
  } catch (error) {
    group.end(nameOf(error));
    throw error;
  }
}

/** What the spans of a group say; `startTimeMs` of `performance.now()`, default now. */
type GroupFacts = { name: string; kind?: SpanKind; attributes?: Attributes; startTimeMs?: number };
