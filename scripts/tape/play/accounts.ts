/** The accounts of a tape: made, and given cash and shares, through the public contracts. */
import { createHmac } from 'node:crypto';
import { GatewayError, type JsonObject } from '../../../supervisor/index.ts';
import type { Steps } from '../format/read-tape.ts';
import { formatPrice, formatQuantity } from '../format/row.ts';
import {
  type Call,
  type Credentials,
  openPublicSession,
  openSession,
  UnansweredError,
  untilAnswered,
} from '../session.ts';
import type { Trader } from './plan.ts';

/** What opening the accounts needs; `admin` may set conditions and issue shares. */
export type AccountOptions = {
  url: string;
  admin: Call;
  /** From which the passwords of the accounts follow, so that none is stored. */
  secret: string;
  symbols: readonly string[];
  steps: ReadonlyMap<string, Steps>;
  signal: AbortSignal;
};

const cash = '1000000000.00';
const shares = '1000000000';
const feePlan = { name: 'tape', makerBps: 0, takerBps: 0 };
const conditions = { feePlan, openOrdersMax: 10_000, ordersPerSecondMax: 10_000, marketOrdersPermitted: true };
/** Lots and ticks of an order that is large enough to have a fee by any plan that has one. */
const previewSteps = 10_000n;
const silentKinds = ['MESSAGE_KIND_ORDER', 'MESSAGE_KIND_FILL', 'MESSAGE_KIND_TRANSFER'];

/** Finds or makes both accounts and returns their calls. All is keyed: what an earlier player did is not done again. */
export async function openAccounts(options: AccountOptions): Promise<Record<Trader, Call>> {
  const [maker, taker] = await Promise.all([openAccount('maker', options), openAccount('taker', options)]);
  return { maker, taker };
}

/** Of an account of the tape; `secret` is the administrator's password. */
export function credentialsOf(trader: Trader, secret: string): Credentials {
  const email = `tape-${trader}@example.com`;
  return { email, password: createHmac('sha256', secret).update(email).digest('base64url') };
}

async function openAccount(trader: Trader, options: AccountOptions): Promise<Call> {
  const { url, admin, secret, symbols, signal } = options;
  const credentials = credentialsOf(trader, secret);
  const accountId = await ensureAccount(url, credentials, signal);
  await admin('outcry.user.v1.UserAdminService/SetConditions', { userId: accountId, conditions });
  const call = openSession(url, credentials, signal);
  const preferences = silentKinds.map((kind) => ({ kind, email: false, inApp: false }));
  await call('outcry.notification.v1.NotificationService/SetPreferences', { preferences });
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'tape', amount: cash });
  for (const symbol of symbols) {
    const issue = { idempotencyKey: `tape-${trader}-${symbol}`, accountId, symbol, quantity: shares };
    await admin('outcry.ledger.v1.LedgerAdminService/IssueShares', issue);
  }
  await untilConditions(call, options);
  return call;
}

/** The order service has the conditions some moments later: until then an order would have other fees, or be refused for good. */
async function untilConditions(call: Call, { symbols: [symbol = ''], steps, signal }: AccountOptions): Promise<void> {
  const { tick, lot } = steps.get(symbol) ?? { tick: 1n, lot: 1n };
  const terms = {
    ...{ symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_LIMIT' },
    ...{ quantity: formatQuantity(lot * previewSteps), limitPrice: formatPrice(tick * previewSteps) },
  };
  await untilAnswered(async () => {
    const { feeMax } = await call('outcry.order.v1.OrderService/PreviewOrder', { terms });
    if (Number(feeMax) !== 0)
      throw new UnansweredError('the conditions of the account are not known to the order service');
  }, signal);
}

/** The id of the account, which is registered when no one has its address. */
async function ensureAccount(url: string, { email, password }: Credentials, signal: AbortSignal): Promise<string> {
  const call = openPublicSession(url, signal);
  const logIn = async () => {
    const { tokens } = await call('outcry.user.v1.SessionService/LogIn', { email, password });
    return String((tokens as JsonObject).userId);
  };
  try {
    return await logIn();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'unauthenticated') throw error;
  }
  const registration = { idempotencyKey: email.replace('@', '.'), email, password, displayName: 'Tape' };
  await call('outcry.user.v1.UserService/Register', registration);
  return logIn();
}
