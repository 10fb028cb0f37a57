import { unavailable } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/time/pause.ts';

/**
 * `lost-request`: the call never arrives. `lost-answer`: it takes effect and its answer is lost. `hang`: it takes effect, and the caller
 * waits for the answer until `heal`.
 */
export type Fault = 'lost-request' | 'lost-answer' | 'hang';

/** Options of a planned fault. */
export type FaultOptions = {
  /** How many calls fail; default 1, Infinity: until `heal`. */
  times?: number;
  /** Runs when the call fails. The caller gets what it throws; UNAVAILABLE when it throws nothing. */
  onFault?: () => void;
};

/** Lets a test break the calls of a fake. */
export type Faults<C extends string> = {
  /** Lets the next calls fail. */
  fail(call: C, fault: Fault, options?: FaultOptions): void;
  /** No call fails or hangs any more. */
  heal(): void;
  /** How often a call was made. */
  countOf(call: C): number;
  /** Makes a call of the fake: counts it, and lets it fail as planned. */
  around<T>(call: C, run: () => T): Promise<T>;
};

const hangMsMax = 60_000;

/** No faults yet. */
export function createFaults<C extends string>(): Faults<C> {
  const planned = new Map<C, FaultOptions & { fault: Fault; times: number }>();
  const counts = new Map<C, number>();
  let hanging = new AbortController();
  const countOf = (call: C) => counts.get(call) ?? 0;
  return {
    countOf,
    fail: (call, fault, options) => void planned.set(call, { times: 1, ...options, fault }),
    heal() {
      planned.clear();
      hanging.abort();
      hanging = new AbortController();
    },
    async around(call, run) {
      counts.set(call, countOf(call) + 1);
      const plan = planned.get(call);
      if (plan === undefined || plan.times <= 0) return run();
      plan.times -= 1;
      if (plan.fault !== 'lost-request') run();
      plan.onFault?.();
      if (plan.fault === 'hang') await pause(hangMsMax, hanging.signal);
      throw unavailable();
    },
  };
}
