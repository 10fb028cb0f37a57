// The test of the predecessor on today's contracts: so many requests, each checked, by so many users, each of whom sends the next one
// when the last is answered. Run by load/main.ts.
import { scene, sendCommand, summarise } from './calls.js';

export const options = {
  scenarios: {
    requests: {
      executor: 'shared-iterations',
      exec: 'sendOne',
      vus: scene.traders.length,
      iterations: scene.requests,
      maxDuration: '60m',
    },
  },
  thresholds: { commands_failed: ['rate<0.001'], checks: ['rate>0.999'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

/** One request. */
export function sendOne() {
  sendCommand();
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(summarise(data)) };
}
