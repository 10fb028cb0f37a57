/** Runs the trials that the main thread assigns. */
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parseCases } from '../golden/case-file.ts';
import type { Mutant } from './faults/mutant.ts';
import type { Failure } from './find-failure.ts';
import { loadChecks } from './mutant-modules.ts';

/** A trial of a mutant, or of the unchanged engine. Each trial of a worker has another number. */
export type Trial = { number: number; mutant: Mutant | undefined; withGolden: boolean };

/** The first check that failed; undefined if all passed. */
export type TrialReport = { failure: Failure | undefined };

const folders = [new URL('../golden/cases/', import.meta.url), new URL('./cases/', import.meta.url)];
const cases = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => parseCases(readFileSync(new URL(name, folder), 'utf8'))),
);

parentPort?.on('message', ({ number, mutant, withGolden }: Trial) => {
  void loadChecks(number, mutant).then(({ findFailure }) => {
    const report: TrialReport = { failure: findFailure(withGolden ? cases : []) };
    parentPort?.postMessage(report);
  });
});
