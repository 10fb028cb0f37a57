/** Which traces are recorded from the first span on. Faults and slow calls are recorded whatever is decided here. */

/** Decides for a trace that begins at the edge: `isAsked` when its caller has asked for it by the flag of its traceparent. */
export type EdgeSampler = (isAsked: boolean) => boolean;

let edgeSampler: EdgeSampler | undefined;

/** Sets what decides at the edge; undefined while nothing is recorded. */
export function setEdgeSampler(sampler: EdgeSampler | undefined): void {
  edgeSampler = sampler;
}

/**
 * Whether a trace without a parent is marked as recorded. While this process records nothing, it is, as the processes behind may record. Otherwise
 * it is not: what a process does by itself, such as polling, would crowd out what people do.
 */
export function marksRoots(): boolean {
  return edgeSampler === undefined;
}

/** Whether a call that arrives at the edge is recorded; `flag` is its caller's, undefined without one. */
export function marksEdgeCall(flag: boolean | undefined): boolean {
  if (edgeSampler === undefined) return flag ?? true;
  return flag === false ? false : edgeSampler(flag === true);
}

/** At most `perSecondMax` traces that callers ask for, and as many of the others, a second. `nowMs` is monotonic. */
export function createRateSampler(perSecondMax: number, nowMs: () => number = () => performance.now()): EdgeSampler {
  const [asked, others] = [createBucket(perSecondMax, nowMs), createBucket(perSecondMax, nowMs)];
  return (isAsked) => (isAsked ? asked() : others());
}

function createBucket(perSecondMax: number, nowMs: () => number): () => boolean {
  let left = perSecondMax;
  let filledMs = nowMs();
  return () => {
    const now = nowMs();
    left = Math.min(perSecondMax, left + ((now - filledMs) / 1_000) * perSecondMax);
    filledMs = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
