/** Runs the episodes that the main thread assigns, and reports their results. */
import { parentPort, workerData } from 'node:worker_threads';
import { type EpisodeDifference, episodeSeed, runEpisode } from './episode.ts';
import type { Tally } from './tally.ts';

/** Data of a worker's start. */
export type WorkerStart = { seed: number; checked: boolean };

/** Episodes to run: from `first` on, with the numbers of commands in each. */
export type WorkerTask = { first: number; commands: number[] };

/** The result of a task. */
export type WorkerReport = { tally: Tally; difference: EpisodeDifference | undefined };

const { seed, checked } = workerData as WorkerStart;

parentPort?.on('message', ({ first, commands }: WorkerTask) => {
  const tally: Tally = {};
  let difference: EpisodeDifference | undefined;
  for (let i = 0; i < commands.length && !difference; i++) {
    difference = runEpisode(episodeSeed(seed, first + i), commands[i] as number, checked, tally);
  }
  const report: WorkerReport = { tally, difference };
  parentPort?.postMessage(report);
});
