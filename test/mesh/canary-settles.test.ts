import { describe, expect, it } from 'vitest';
import { CommandError } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { runFullPass } from '../support/investors-day.ts';
import { overchargingVersion } from './bad-versions.ts';
import { administrator, operatorsUrl } from './cluster.ts';
import { expectNoCanary, runCanary, stableField, versionFlags } from './run-canary.ts';

// What it has booked stays wrong, so that no audit of the system is clean again.
const isThrownAway = process.env.OUTCRY_MESH_THROWN_AWAY === '1';

async function countFindings(): Promise<number> {
  const { verdict } = await runFullPass(createTestClient('connect', await operatorsUrl()), await administrator());
  return Number((verdict as { findingsCount?: number }).findingsCount ?? 0);
}

describe('a canary of the ledger that takes a wrong fee where it settles', () => {
  it('does so after its promotion only, is found by the audit, and is taken back', {
    timeout: 900_000,
  }, async (context) => {
    if (!isThrownAway)
      context.skip('leaves wrong fees behind: OUTCRY_MESH_THROWN_AWAY=1 on a system that is then thrown away');
    expect(await countFindings()).toBe(0);
    const flags = [...(await versionFlags('ledger', overchargingVersion)), '--steps', '50,100', '--hold', '20'];
    const ended: unknown = await runCanary('ledger', ...flags, '--calls', '20').catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(CommandError);
    const { message } = ended as CommandError;
    console.log(message);
    expect(message).toContain('exit code 2');
    expect(message).toMatch(/aborting: the audit has new findings \(\d+\) since it was promoted/);
    await expectNoCanary('ledger');
    expect(await stableField('ledger', '.env[*].name')).not.toContain('NODE_OPTIONS');
    // The version of before books nothing wrong.
    const found = await countFindings();
    const after = await countFindings();
    console.log(JSON.stringify({ bench: 'mesh', canary: 'that settles with a wrong fee', found, after }));
    expect([found > 0, after]).toEqual([true, found]);
  });
});
