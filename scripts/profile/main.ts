// `npm run profile`: where a process of the running system spends its time, or what holds its memory. Exit code 0 when the file is written, 1
// when not, 2 for a wrong command line.
//
//   REPLICA        as order-0
//   --kind KIND    cpu (default) or heap
//   --seconds N    1 to 30 (default 10)
//   --to FILE      default REPLICA.cpuprofile or REPLICA.heapprofile, for Chrome's developer tools or speedscope
//   --data DIR     data folder of the running system (default .outcry)
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isRunning, readRunFile } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';

const marginMs = 15_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kind: { type: 'string', default: 'cpu' },
      seconds: { type: 'string', default: '10' },
      to: { type: 'string' },
      data: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const { kind, seconds } = values;
  if (name === '') throw new TypeError('name a process, as order-0');
  const run = readRunFile(resolve(projectDirectory, values.data ?? '.outcry'));
  if (run === undefined || !isRunning(run.supervisor)) throw new Error('nothing runs; start it with `npm start`');
  const found = run.processes.find(({ name: service, replica }) => `${service}-${replica}` === name);
  if (found === undefined) throw new TypeError(`there is no process ${name}`);
  const url = `http://127.0.0.1:${found.adminPort}/profile?${new URLSearchParams({ kind, seconds })}`;
  const signal = AbortSignal.timeout(Number(seconds) * 1_000 + marginMs);
  const answer = await fetch(url, { method: 'POST', signal });
  const text = await answer.text();
  if (!answer.ok) throw answer.status === 400 ? new TypeError(text.trim()) : new Error(text.trim());
  const path = resolve(values.to ?? `${name}.${kind}profile`);
  await writeFile(path, text, { mode: 0o600 });
  console.log(`${path}: ${seconds} s of ${name}, ${Math.ceil(text.length / 1_024)} KiB`);
}

try {
  await main();
} catch (error) {
  console.error(`profile: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
