// `npm run screenshots`: a system that has lived a morning, and the pictures of the web app in it. See README.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { openCamera } from './camera.ts';
import { liveMorning } from './morning.ts';
import { takeAll } from './pictures.ts';
import { openScene } from './scene.ts';

const usage = `Usage: npm run screenshots -- [flags]
  --to DIR       folder of the pictures (default docs/screenshots)
  --only PATTERN only pictures whose name matches this regular expression
  --data DIR     data folder of the system, left there; with a morning in it, pictures are taken at once
  --help         print this text`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

// Enough trades a minute of the market, and deep books, while the clock passes fast; payments that take a moment, some of which fail.
const env = {
  SIMULATOR_TAKERS: '20',
  SIMULATOR_MAKERS: '5',
  SIMULATOR_COMMANDS_PER_SECOND_MAX: '250',
  GATEWAY_CALLS_PER_SECOND_MAX: '5000',
  GATEWAY_CALLS_BURST_MAX: '10000',
  LEDGER_LOCAL_PAYMENT_DELAY_MS_MAX: '6000',
  LEDGER_LOCAL_PAYMENT_FAILED_PERCENT: '12',
};
const dayMs = 86_400_000;

// Of the next weekday: what the machine's clock dates, such as transfers, was before it.
function morningBegins(): string {
  let day = new Date(Date.now() + dayMs);
  while (day.getUTCDay() % 6 === 0) day = new Date(day.getTime() + dayMs);
  return `${day.toISOString().slice(0, 10)}T08:00:00 America/New_York`;
}

const string = { type: 'string' } as const;

async function main(): Promise<void> {
  const options = { to: string, only: string, data: string, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return print(usage);
  const camera = await openCamera({ folder: values.to ?? 'docs/screenshots', only: new RegExp(values.only ?? '') });
  const system = await start(values.data);
  try {
    const scene = await openScene(createTestClient('fetch', system.gatewayUrl), system);
    print(`The system is at ${system.gatewayUrl}`);
    await liveMorning(scene, camera, print);
    await takeAll(scene, camera);
    print(`${camera.taken()} pictures`);
  } finally {
    await camera.close();
    await system.stop();
  }
}

// Data with a morning in it goes on where its clock stood.
function start(dataDirectory: string | undefined): Promise<RunningSystem> {
  const isLived = dataDirectory !== undefined && existsSync(join(dataDirectory, 'clock.json'));
  const flags = isLived ? [] : ['--clock', morningBegins()];
  return startSystem({ flags: ['--seed', '7', ...flags], env, ...(dataDirectory !== undefined && { dataDirectory }) });
}

await main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
