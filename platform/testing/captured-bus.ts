import type { Bus, BusEvent } from '#platform/bus/bus.ts';

/** A bus that delivers nothing by itself. */
export type CapturedBus = {
  bus: Pick<Bus, 'subscribe'>;
  /** Gives a page to the one consumer that has subscribed. */
  deliver: (page: BusEvent[]) => Promise<void>;
};

/** A bus whose pages a test chooses. */
export function captureBus(): CapturedBus {
  let deliver: CapturedBus['deliver'] = () => Promise.reject(new Error('there is no consumer'));
  return {
    bus: {
      subscribe: async ({ handlePage }) => {
        deliver = handlePage;
        return { [Symbol.asyncDispose]: async () => {} };
      },
    },
    deliver: (page) => deliver(page),
  };
}
