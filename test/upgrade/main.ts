// `npm run upgrade`: the data of another release under this one and back, both at once on the way, under traffic. See README.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../../scripts/tool.ts';
import { runChaos } from '../chaos/run/run-chaos.ts';
import { describeTraffic, describeVerdict } from '../chaos/run/verdict.ts';
import { startChaosSystem } from '../chaos/system/chaos-system.ts';
import { releasesVariable } from '../chaos/system/releases.ts';
import { changeReleases } from './change-releases.ts';
import { findLastRelease, prepareRelease } from './prepare-release.ts';

const usage = `Usage: npm run upgrade -- [flags]
  --from COMMIT     the other release (default: the commit that last wrote test/released-schema/snapshots)
  --rate R          calls of clients a second, 1 to 500 (default 20)
  --seconds S       time for which all replicas run from one release, 1 to 3600 (default 20)
  --seed S          seed of traffic and of the order in which replicas change (default 1)
  --help            print this text`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(usage) ?? 0;
  const ratePerSecond = readNumber('rate', values.rate, 500);
  const stayMs = readNumber('seconds', values.seconds, 3_600) * 1_000;
  const seed = readNumber('seed', values.seed, 2 ** 31);
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
  const { signal } = interrupt;
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'outcry-upgrade-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const other = join(folder, 'release');
  const release = await prepareRelease(values.from ?? (await findLastRelease()), other);
  const releasesPath = join(folder, 'releases.json');
  await writeFile(releasesPath, JSON.stringify({ all: other }));
  print(`upgrade: all replicas run from ${release}; seed ${seed}`);
  // The audit of the other release is to have proved something before it is replaced, as in an installation that has run for a while.
  const env = { [releasesVariable]: releasesPath, AUDIT_EVERY_MS: '5000' };
  const target = stack.use(await startChaosSystem({ env }));
  const nameOf = (checkout: string) => (checkout === other ? release : 'this checkout');
  const checkouts = [projectDirectory, other, projectDirectory];
  const result = await runChaos({
    ...{ target, plan: [], durationMs: 0, ratePerSecond, users: 12, symbols: 2, seed, signal },
    disturb: () =>
      changeReleases({
        ...{ target, releasesPath, checkouts, stayMs, seed, signal },
        onChange: ({ victim, failure }, to) =>
          print(`  ${victim}: ${nameOf(to)}${failure ? `  FAILED: ${failure}` : ''}`),
      }),
    onFault: () => {},
    onProgress: print,
  });
  for (const line of describeTraffic(result)) print(line);
  for (const line of describeVerdict(result, seed, { run: 'upgrade', steps: 'restarts' })) print(line);
  return result.findings.length === 0 ? 0 : 1;
}

function readNumber(flag: string, text: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return number;
  throw new TypeError(`--${flag} takes a whole number from 1 to ${max}`);
}

process.exit(
  await main().catch((error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    return 2;
  }),
);
