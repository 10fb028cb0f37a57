/** The health of this process, as reported to gRPC health checks, the readiness probe and the mesh. */

import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';

/** Whether a service takes calls; `unknown` is only reported to watches of a name that is not served here. */
export type Serving = 'serving' | 'not_serving' | 'unknown';

/** The health of the process ('') and of each proto service that it serves. */
export type HealthState = {
  /** Sets the state of one service; it may be NOT_SERVING while the process as a whole is ready. */
  set(service: string, serving: boolean): void;
  /** Until this is true everything is NOT_SERVING. */
  setReady(ready: boolean): void;
  /** Sets everything to NOT_SERVING from here on; watches report it and end. */
  drain(): void;
  /** Throws NOT_FOUND for a name that is not served here. */
  check(name: string): Serving;
  list(): Map<string, Serving>;
  /** The state now and each change, until the signal aborts or the process drains. */
  watch(name: string, signal: AbortSignal): AsyncIterable<Serving>;
};

/** A process that is not ready and serves nothing yet. */
export function createHealthState(): HealthState {
  const services = new Map<string, boolean>([['', true]]);
  let ready = false;
  let draining = false;
  let change = Promise.withResolvers<void>();

  const changed = () => {
    const previous = change;
    change = Promise.withResolvers<void>();
    previous.resolve();
  };
  const state = (name: string): Serving => {
    const serving = services.get(name);
    if (serving === undefined) return 'unknown';
    return serving && ready && !draining ? 'serving' : 'not_serving';
  };

  return {
    set(service, serving) {
      services.set(service, serving);
      changed();
    },
    setReady(value) {
      ready = value;
      changed();
    },
    drain() {
      draining = true;
      changed();
    },
    check(name) {
      const serving = state(name);
      if (serving === 'unknown') throw notFound(ErrorReason.UNSPECIFIED, 'no such service is served here');
      return serving;
    },
    list: () => new Map([...services.keys()].map((name) => [name, state(name)])),
    async *watch(name, signal) {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      let reported: Serving | undefined;
      while (true) {
        const next = change.promise;
        const now = state(name);
        if (now !== reported) yield now;
        reported = now;
        // After the report, so that a watch that the drain ends reports NOT_SERVING first.
        if (draining || signal.aborted) return;
        await Promise.race([next, aborted]);
      }
    },
  };
}
