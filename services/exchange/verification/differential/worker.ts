/** Runs episodes that the main thread names, and tells what happened in each. */
import { parentPort, workerData } from 'node:worker_threads';
import { type EpisodeDifference, episodeSeed, runEpisode } from './episode.ts';
import type { Tally } from './tally.ts';

/** What a worker is started with. */
export type WorkerStart = { seed: number; checked: boolean };

/** Which episodes to run: from `first` on, `commands` commands in each. */
export type WorkerTask = { first: number; commands: number[] };

/** What became of a task. */
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
