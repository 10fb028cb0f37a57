/** Ends the orders of a run, so that the judge reads what stands still, and at last nothing at all. */

import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import { createDayClient } from '../crash-points/client.ts';
import type { Finding } from '../judge/finding.ts';
import { judgedStores, untilQuiet } from '../judge/quiet.ts';
import { connectStores } from '../judge/stores.ts';
import { type Market, renewToken } from '../traffic/open-market.ts';
import type { Operation } from '../traffic/operations.ts';

const timeoutMs = 60_000;

/** Cancels what would end by itself while the judge reads one store after the other: orders till a time, and those of a session. */
export async function untilTimedOrdersEnded(system: RunningSystem, market: Market): Promise<Finding[]> {
  const byAccount = new Map(market.users.map(({ accountId }, user) => [accountId, user]));
  await using stores = await connectStores(system, judgedStores(system));
  const rows = await stores.read<{ order_id: string; account_id: string }>(
    'order',
    `SELECT order_id, account_id FROM orders
     WHERE state = 'open' AND special_terms ?| ARRAY['expireTimeMs', 'sessionId'] AND account_id = ANY ($1)`,
    [[...byAccount.keys()]],
  );
  return callAll(system, market, async (client) => {
    for (const { order_id, account_id } of rows) await client.cancel(byAccount.get(account_id) ?? 0, order_id);
  });
}

/** Cancels every order of every user. */
export function cancelEverything(system: RunningSystem, market: Market): Promise<Finding[]> {
  return callAll(system, market, async (client) => {
    for (const user of market.users.keys()) await client.cancelAll(user);
  });
}

async function callAll(
  system: RunningSystem,
  market: Market,
  work: (client: ReturnType<typeof createDayClient>) => Promise<void>,
): Promise<Finding[]> {
  const [url = ''] = system.gatewayUrls;
  for (const user of market.users) user.token = await renewToken(url.replace('localhost', '127.0.0.1'), user);
  using client = createDayClient(system.gatewayUrls, market);
  await work(client);
  const open = await untilQuiet(system, () => 0, timeoutMs);
  return [...client.operations.filter(hasNoAnswer).map(unanswered), ...open.map(late)];
}

function hasNoAnswer({ answers }: Operation): boolean {
  return answers.length === 0;
}

function unanswered({ rpc, lost }: Operation): Finding {
  return { rule: 'call-is-answered', subject: rpc, detail: `sent ${lost.length} times after the run` };
}

function late(detail: string): Finding {
  return { rule: 'quiet-in-time', subject: 'after the run', detail };
}
