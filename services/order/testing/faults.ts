import { unavailable } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/time/pause.ts';

/**
 * `before`: the call is lost on its way. `after`: it takes effect and its answer is lost. `hang`: as after, and the caller's own deadline ends it.
 * `crash-before` and `crash-after`: the caller dies at this moment.
 */
export type Fault = 'before' | 'after' | 'hang' | 'crash-before' | 'crash-after';

/** Lets a test break calls. */
export type Faults<C extends string> = {
  /** The next `times` calls fail this way; Infinity: until `heal`. */
  fail(call: C, fault: Fault, times?: number): void;
  heal(): void;
  /** How often each call was made. */
  calls: Map<C, number>;
  around<T>(call: C, run: () => T): Promise<T>;
  /** What a crash does; set by the world. */
  onCrash: () => void;
};

const hangMs = 1_500;

/** No faults yet. */
export function createFaults<C extends string>(): Faults<C> {
  const planned = new Map<C, { fault: Fault; times: number }>();
  const calls = new Map<C, number>();
  const faults: Faults<C> = {
    onCrash: () => {},
    calls,
    fail: (call, fault, times = 1) => void planned.set(call, { fault, times }),
    heal: () => planned.clear(),
    async around(call, run) {
      calls.set(call, (calls.get(call) ?? 0) + 1);
      const plan = planned.get(call);
      if (plan === undefined || plan.times <= 0) return run();
      plan.times -= 1;
      const { fault } = plan;
      if (!fault.endsWith('before')) run();
      if (fault === 'hang') await pause(hangMs);
      if (!fault.startsWith('crash')) throw unavailable();
      faults.onCrash();
      throw new Error('the caller died here');
    },
  };
  return faults;
}
