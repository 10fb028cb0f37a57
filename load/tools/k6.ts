/** k6: gRPC with streams, or Connect with JSON. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../outcome.ts';
import { type Scene, writeJson } from '../scene.ts';
import { findTool } from './find-tool.ts';
import { runTool } from './run-tool.ts';

const scripts = fileURLToPath(new URL('../k6', import.meta.url));
const protoDirectory = fileURLToPath(new URL('../../proto', import.meta.url));
const predecessorSecondsMax = 3_600;
const callersMin = 50;
const notesMax = 5;

/** What the scripts write at their end. */
type Summary = Omit<Outcome, 'tool' | 'answered' | 'ratePerSecond' | 'notes'> & {
  checks: number;
  checksFailed: number;
  streamsFailed: number;
};

/** Runs the script of the scenario. */
export async function runK6(scene: Scene): Promise<Outcome> {
  const { flags, place } = scene;
  const program = findTool('k6');
  const summaryPath = join(scene.directory, 'summary.json');
  const scenePath = await writeJson(scene, 'scene.json', toK6Scene(scene));
  const script = join(scripts, `${flags.scenario}.js`);
  const args = [
    'run',
    '--quiet',
    '--no-usage-report',
    '--env',
    `SCENE=${scenePath}`,
    '--env',
    `SUMMARY=${summaryPath}`,
    script,
  ];
  const startTimeMs = performance.now();
  const secondsMax = flags.scenario === 'predecessor' ? predecessorSecondsMax : flags.seconds;
  const { code, output } = await runTool(program, args, { secondsMax });
  const tookMs = performance.now() - startTimeMs;
  const summary = await readSummary(summaryPath, output);
  const { checks, checksFailed, streamsFailed, ...counted } = summary;
  const answered = counted.accepted + counted.refused + counted.cancels;
  const seconds = flags.scenario === 'predecessor' ? tookMs / 1_000 : flags.seconds;
  const failures = output
    .split('\n')
    .filter((line) => line.includes('level=error'))
    .slice(-notesMax);
  const users = `${place.traders.length} users, ${checks} checks, ${checksFailed} of them failed`;
  const notes = [users, ...(streamsFailed > 0 ? [`${streamsFailed} streams broke`] : []), ...failures];
  if (code !== 0) notes.push(`k6 ended with ${code}: a threshold was crossed`);
  return { ...counted, tool: `k6 (${flags.protocol})`, answered, ratePerSecond: answered / seconds, notes };
}

function toK6Scene({ flags, url, place }: Scene) {
  const { protocol, host } = new URL(url);
  return {
    ...flags,
    url,
    host: host.includes(':') ? host : `${host}:${protocol === 'https:' ? 443 : 80}`,
    plaintext: protocol === 'http:',
    protoDirectory,
    callers: Math.max(callersMin, flags.users),
    traders: place.traders.map(({ token }, trader) => ({ token, symbols: place.symbolsOf(trader) })),
  };
}

async function readSummary(path: string, output: string): Promise<Summary> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Summary;
  } catch {
    throw new Error(`k6 wrote no summary:\n${output.slice(-2_000)}`);
  }
}
