// `npm run bench -- NAME [--json]`: measures, and prints the figures. Exit code 0 when it was measured, 1 when something went
// wrong, 2 for a wrong command line. Without a name it lists what there is.

import { startTimer } from '#platform/time/timer.ts';
import type { Bench } from './bench.ts';
import { benches } from './catalogue.ts';
import { describeFlags, readFlags, UsageError } from './read-flags.ts';
import { createJsonReport, createTableReport } from './report/report.ts';

function usage(): string {
  const lines = benches.flatMap(({ name, summary, flags }) => [
    `  ${name.padEnd(10)} ${summary}`,
    ...describeFlags(flags).map((line) => `  ${''.padEnd(10)}   ${line}`),
  ]);
  return ['Usage: npm run bench -- NAME [--json] [flags]', '', ...lines].join('\n');
}

function findBench(name: string): Bench {
  const bench = benches.find((entry) => entry.name === name);
  if (bench) return bench;
  throw new UsageError(`there is no bench '${name}'; there are ${benches.map((entry) => entry.name).join(', ')}`);
}

function elapsed(): string {
  return `${(performance.now() / 1_000).toFixed(1)} s`.padStart(8);
}

async function measure(bench: Bench, args: readonly string[], interrupted: AbortSignal): Promise<void> {
  const { json, flags } = readFlags(bench, args);
  const output = {
    out: (line: string) => console.log(line),
    err: (line: string) => console.error(`${elapsed()} ${line}`),
  };
  const report = json ? createJsonReport(bench.name, output) : createTableReport(bench.name, output);
  const late = new AbortController();
  using _timer = startTimer(bench.timeLimitMs, () => late.abort(new Error('it takes longer than its time limit')));
  await bench.run({ flags, report, signal: AbortSignal.any([interrupted, late.signal]) });
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help') {
    console.log(usage());
    return 0;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupt.abort(new Error('it was interrupted')));
  }
  try {
    await measure(findBench(name), args, interrupt.signal);
    return 0;
  } catch (error) {
    const signal = interrupt.signal;
    const reason = signal.aborted ? signal.reason : error;
    console.error(`bench: ${reason instanceof Error ? reason.message : String(reason)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
