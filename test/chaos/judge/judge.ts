/** The verdict: the clients' records against the system's, sums that share no code with the audit, and the audit. */
import { runAudit } from '../../../scripts/audit/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import type { Market } from '../traffic/open-market.ts';
import { isSettled, type Operation } from '../traffic/operations.ts';
import { readBus } from './bus-contents.ts';
import { checkAccounts } from './check-accounts.ts';
import { checkBus } from './check-bus.ts';
import { checkJournal } from './check-journal.ts';
import { checkLedger } from './check-ledger.ts';
import { checkLists } from './check-lists.ts';
import { checkNothingHeld } from './check-nothing-held.ts';
import { checkOrders } from './check-orders.ts';
import { checkOrdersOfClients } from './check-orders-of-clients.ts';
import { checkPayments } from './check-payments.ts';
import { checkReplacesOfClients } from './check-replaces.ts';
import { checkTransfersOfClients } from './check-transfers-of-clients.ts';
import type { Finding } from './finding.ts';
import { judgedStores } from './quiet.ts';
import { connectStores } from './stores.ts';

/** Everything that is wrong with a quiet system; nothing, if nothing is. */
export async function judge(
  system: RunningSystem,
  { market, operations }: { market: Market; operations: readonly Operation[] },
): Promise<Finding[]> {
  const found = operations.filter((operation) => !isSettled(operation)).map(unanswered);
  await using stores = await connectStores(system, judgedStores(system));
  const checks: Record<string, () => Promise<Finding[]>> = {
    'orders of clients': () => checkOrdersOfClients(stores, market, operations),
    'transfers of clients': () => checkTransfersOfClients(stores, market, operations),
    'changes of clients': () => checkReplacesOfClients(stores, market, operations),
    lists: () => checkLists(stores, operations),
    ledger: () => checkLedger(stores),
    payments: () => checkPayments(stores),
    orders: () => checkOrders(stores),
    journal: () => checkJournal(stores),
    accounts: () => checkAccounts(stores, market),
    bus: async () => checkBus(stores, await readBus(system, stores)),
    audit: () => audit(system),
  };
  return [...found, ...(await makeAll(checks))];
}

/** Everything that is left over once every order was cancelled, and what the audit says then. */
export async function judgeEmpty(system: RunningSystem, { users }: Market): Promise<Finding[]> {
  await using stores = await connectStores(system, judgedStores(system));
  return await makeAll({
    'nothing held': () =>
      checkNothingHeld(
        stores,
        users.map(({ accountId }) => accountId),
      ),
    'ledger at the end': () => checkLedger(stores),
    'audit at the end': () => audit(system),
  });
}

/** One that cannot be made is a finding, and hides nothing that the others find. */
async function makeAll(checks: Readonly<Record<string, () => Promise<Finding[]>>>): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [name, check] of Object.entries(checks))
    found.push(...(await check().catch((error: Error) => [notMade(name, error)])));
  return found;
}

/** The rule of a check that could not be made: nothing is known of what it would have found. */
export const notMadeRule = 'check-was-made';

function notMade(subject: string, { message }: Error): Finding {
  return { rule: notMadeRule, subject, detail: message };
}

function unanswered({ number, kind, lost }: Operation): Finding {
  const causes = [...new Set(lost)].join(', ');
  return {
    rule: 'call-is-answered',
    subject: `call ${number}`,
    detail: `${kind}, sent ${lost.length} times: ${causes}`,
  };
}

async function audit(system: RunningSystem): Promise<Finding[]> {
  const { verdict, findings } = await runAudit({ url: system.gatewayUrl, ...system.admin }, 100);
  if (verdict.clean) return [];
  if (findings.length === 0) return [{ rule: 'audit', subject: 'the audit', detail: 'is not clean' }];
  return findings.map(({ rule, subject, expected, found }) => ({
    rule: `audit ${rule}`,
    subject,
    detail: `${expected} expected, ${found} found`,
  }));
}
