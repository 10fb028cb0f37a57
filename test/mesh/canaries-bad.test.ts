import { afterAll, describe, expect, it } from 'vitest';
import { CommandError } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { type BadVersion, dearVersion, leakingVersion, slowVersion } from './bad-versions.ts';
import { expectNoCanary, runCanary, versionFlags } from './run-canary.ts';
import { tradeDuring } from './trade-through.ts';

/** A version that is bad, and what its canary must be aborted for. */
type Case = { what: string; service: string; version: BadVersion; steps: string; reason: RegExp };

const cases: Case[] = [
  {
    what: 'that is slow',
    service: 'ledger',
    version: slowVersion,
    steps: '10,50,100',
    reason: /event loop|took over 0\.5 s|ended/,
  },
  { what: 'that leaks memory', service: 'order', version: leakingVersion, steps: '10,50,100', reason: /MiB of memory/ },
  // A tenth of the orders, so that a pass of the audit finds one that is open.
  {
    what: 'with a wrong fee',
    service: 'ledger',
    version: dearVersion,
    steps: '50,100',
    reason: /the audit has new findings/,
  },
];

afterAll(async () => {
  for (const service of new Set(cases.map((one) => one.service))) await runCanary(service, '--abort');
}, 300_000);

describe('a canary, under orders', () => {
  it.for(cases)(
    'of $service $what is taken away by itself, and the audit is clean',
    {
      timeout: 900_000,
    },
    async ({ what, service, version, steps, reason }, context) => {
      onlyWithAll(context);
      const flags = [...(await versionFlags(service, version)), '--steps', steps, '--hold', '30', '--calls', '20'];
      let ended: unknown;
      const run = async () => {
        ended = await runCanary(service, ...flags).catch((error: unknown) => error);
      };
      // What it has reserved is wrong until the orders have ended, some of the house after minutes.
      const { failures } = await tradeDuring(`canary ${what}`, run, { untilCleanMs: 400_000 });
      expect(ended).toBeInstanceOf(CommandError);
      const { message } = ended as CommandError;
      console.log(message);
      console.log(JSON.stringify({ bench: 'mesh', canary: what, service, failed: failures.length }));
      expect(message).toContain('exit code 2');
      const reasons = /aborting: (.*)/.exec(message)?.[1];
      expect(reasons).toMatch(reason);
      await expectNoCanary(service);
    },
  );
});
