/** Compares the engine with the reference engine over many random commands: `--commands N --seed S`. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { startInterval } from '#platform/time/timer.ts';
import { episodeLength, formatDifference } from './episode.ts';
import { addTally, formatTally, missingNames, type Tally } from './tally.ts';
import type { WorkerReport, WorkerStart, WorkerTask } from './worker.ts';

const usage =
  'usage: npm run exchange:differential -- [--commands 1000000] [--seed 1] [--workers 2] [--invariants]\n' +
  'workers: 1 to 16; with --invariants the state is checked after every command, which takes longer';
const episodesPerTask = 10;
const progressIntervalMs = 10_000;
// Shorter runs need not reach every event and reason.
const commandsForAll = 1_000_000;

type Options = { commands: number; seed: number; workers: number; checked: boolean };

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      commands: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      invariants: { type: 'boolean', default: false },
    },
  });
  const [commands, seed, workers] = [Number(values.commands), Number(values.seed), Number(values.workers)];
  const valid = Number.isSafeInteger(commands) && commands >= 1 && Number.isSafeInteger(seed);
  if (!valid || !Number.isInteger(workers) || workers < 1 || workers > 16) throw new Error(usage);
  return { commands, seed, workers, checked: values.invariants };
}

/** Divides a run into tasks of some episodes each. */
function* tasksOf(commands: number): Generator<WorkerTask> {
  let left = commands;
  for (let first = 0; left > 0; first += episodesPerTask) {
    const lengths: number[] = [];
    for (; left > 0 && lengths.length < episodesPerTask; left -= episodeLength) {
      lengths.push(Math.min(left, episodeLength));
    }
    yield { first, commands: lengths };
  }
}

async function work(options: Options, tasks: Generator<WorkerTask>, onReport: (report: WorkerReport) => void) {
  const workerData: WorkerStart = { seed: options.seed, checked: options.checked };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  try {
    for (const task of tasks) {
      worker.postMessage(task);
      const [report] = (await once(worker, 'message')) as [WorkerReport];
      onReport(report);
    }
  } finally {
    await worker.terminate();
  }
}

async function run(options: Options): Promise<boolean> {
  const tally: Tally = {};
  const tasks = tasksOf(options.commands);
  const startTimeMs = performance.now();
  let differs = false;
  const rate = () => Math.round(((tally.commands ?? 0) / (performance.now() - startTimeMs)) * 1_000);
  using _progress = startInterval(progressIntervalMs, () => {
    console.log(`${tally.commands ?? 0} of ${options.commands} commands, ${rate()} a second`);
  });
  await Promise.all(
    Array.from({ length: options.workers }, () =>
      work(options, tasks, ({ tally: more, difference }) => {
        addTally(tally, more);
        if (!difference || differs) return;
        differs = true;
        // No worker gets a further task.
        tasks.return(undefined);
        console.log(formatDifference(difference));
      }),
    ),
  );
  const missing = missingNames(tally);
  console.log(formatTally(tally));
  if (missing.length > 0) console.log(`never happened: ${missing.join(', ')}`);
  console.log(
    `${tally.commands ?? 0} commands of seed ${options.seed}, ${rate()} a second: ${differs ? 'DIFFERENT' : 'equal'}`,
  );
  return !differs && (missing.length === 0 || options.commands < commandsForAll);
}

try {
  if (!(await run(readOptions()))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
