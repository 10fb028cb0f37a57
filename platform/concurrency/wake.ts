import { startTimer } from '#platform/time/timer.ts';

/** A flag between what causes work and the one loop that does it: causes that come while it works count as one. */
export type Wake = {
  raise(): void;
  /** Forgets what was raised so far, as what follows looks at everything. */
  clear(): void;
  /** Resolves to true when it is raised, at once if it was before, or to false after `durationMs`. For one waiter at a time. */
  wait(durationMs: number): Promise<boolean>;
};

/** A flag that is not raised. */
export function createWake(): Wake {
  let isRaised = false;
  let end: (() => void) | undefined;
  return {
    raise() {
      isRaised = true;
      end?.();
    },
    clear() {
      isRaised = false;
    },
    async wait(durationMs) {
      if (!isRaised && durationMs > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        end = resolve;
        using _timer = startTimer(durationMs, resolve);
        await promise;
        end = undefined;
      }
      const wasRaised = isRaised;
      isRaised = false;
      return wasRaised;
    },
  };
}
