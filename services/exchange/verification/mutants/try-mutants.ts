import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { timeoutSignal } from '#platform/time/within.ts';
import type { Mutant } from './faults/mutant.ts';
import type { Failure } from './find-failure.ts';
import type { Trial, TrialReport } from './mutant-worker.ts';

/** The check that caught a mutant; undefined if none did. */
export type Verdict = { mutant: Mutant | undefined; failure: Failure | undefined };

const workers = 2;
const trialTimeoutMs = 60_000;

/**
 * Runs the checks on an engine with each of the mutants, `undefined` being the unchanged engine; only random commands if `withGolden` is
 * false. Rejects when a mutant cannot be loaded, or when its checks do not end within a minute.
 */
export async function tryMutants(mutants: readonly (Mutant | undefined)[], withGolden = true): Promise<Verdict[]> {
  const trials = mutants.entries();
  const verdicts: Verdict[] = [];
  const lanes = Array.from({ length: workers }, () => tryEach(trials, withGolden, (verdict) => verdicts.push(verdict)));
  await Promise.all(lanes);
  return verdicts;
}

async function tryEach(
  trials: Iterable<[number, Mutant | undefined]>,
  withGolden: boolean,
  onVerdict: (verdict: Verdict) => void,
): Promise<void> {
  const worker = new Worker(new URL('./mutant-worker.ts', import.meta.url), { execArgv: [] });
  try {
    for (const [number, mutant] of trials) {
      const trial: Trial = { number, mutant, withGolden };
      worker.postMessage(trial);
      const signal = timeoutSignal(trialTimeoutMs);
      const [{ failure }] = (await once(worker, 'message', { signal }).catch((cause: unknown) => {
        throw new Error(`no verdict on "${mutant?.fault ?? 'the unchanged engine'}"`, { cause });
      })) as [TrialReport];
      onVerdict({ mutant, failure });
    }
  } finally {
    await worker.terminate();
  }
}
