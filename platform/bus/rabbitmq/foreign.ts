import type { Settlement } from '../attempt.ts';
import type { PageEvent } from './message.ts';
import type { SetAside } from './set-aside.ts';
import type { WaitSteps } from './topology.ts';

/** How long an event waits for a release that takes its type. */
const untakenMaxMs = 7 * 86_400_000;

/**
 * How an event goes on whose type this release does not take while another release of the service does: it comes again at the longest step
 * and, after seven days, becomes a dead letter.
 */
export function foreign(steps: WaitSteps): (page: PageEvent) => SetAside {
  return ({ event, history }) => {
    const delivery = { event, attempt: history.attempts, publishTimeMs: history.publishTimeMs };
    const isOver = Date.now() - history.publishTimeMs > untakenMaxMs;
    const settlement: Settlement = isOver
      ? { delivery, outcome: 'dead', delayMs: 0, error: 'no consumer took it in time' }
      : { delivery, outcome: 'release', delayMs: steps.at(-1) as number, error: '' };
    return { settlement, history };
  };
}
