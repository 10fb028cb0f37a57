/** Runs the system from a copy of the sources with a deliberate fault in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../judge/finding.ts';
import { startChaosSystem } from '../system/chaos-system.ts';
import { openMarket } from '../traffic/open-market.ts';
import { copyTree } from './copy-tree.ts';
import type { Mutant } from './mutants.ts';
import { openTheatre, type Theatre } from './scenario.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
// What a fault has broken does not mend itself: there is nothing to wait for.
const mutantQuietTimeoutMs = 12_000;
// Two of what scenarios stop and kill, one of all others.
const replicasOf = { order: 2, ledger: 2, exchange: 2, portfolio: 2 };
const limitedOpenOrders = 3;
// An exchange that cannot reach its database for a few seconds still leads: what it answers meanwhile is what a run looks at.
const env = { LEDGER_LOCAL_PAYMENT_REPEATED_PERCENT: '100', EXCHANGE_LEASE_TTL_MS: '6000' };

/** What a run finds in a system with this fault. */
export async function findFault({ edits, scenario }: Pick<Mutant, 'edits' | 'scenario'>): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-mutant-'));
  try {
    await copyTree(checkout, folder, edits);
    await using opened = await openSystem(folder);
    await opened.theatre.run(scenario);
    return await opened.theatre.judge(mutantQuietTimeoutMs);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A system of some checkout, with users who can trade; the last one may have few open orders. */
export async function openSystem(folder: string = checkout): Promise<AsyncDisposable & { theatre: Theatre }> {
  const target = await startChaosSystem({ checkout: folder, replicas: 1, replicasOf, points: true, env });
  const market = await openMarket(target.system, { users: 8, symbols: 2, limitedOpenOrders });
  return { theatre: openTheatre(target, market), [Symbol.asyncDispose]: () => target[Symbol.asyncDispose]() };
}
