/** A house account: its id, its token, its cash and shares. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { CASH_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { houseCash, houseCashMinMicros, needsShares, targetLots } from '../domain/house-size.ts';
import { type HouseInstrument, quoteLots } from '../domain/instrument.ts';
import type { SimulatorClients } from './clients.ts';

/** One house account. */
export type HouseAccount = {
  name: string;
  accountId: string;
  /** An access token that is good for at least a minute. */
  token(): Promise<string>;
  /** Reads the balances and tops up cash and shares that run low. Returns lots held by symbol, holds included. */
  fund(instruments: HouseInstrument[]): Promise<Map<string, number>>;
};

const renewBeforeMs = 60_000;
const microsDigits = 1_000_000n;

/** Finds or creates the house account of this name. `nowMs` is Unix milliseconds. */
export async function openHouseAccount(
  clients: SimulatorClients,
  name: string,
  nowMs: () => number = Date.now,
): Promise<HouseAccount> {
  let current = await clients.users.ensureHouseAccount({ name });
  const { accountId } = current;
  const token = async () => {
    const endsMs = Number(current.accessExpireTime?.seconds ?? 0n) * 1_000;
    if (endsMs - nowMs() < renewBeforeMs) current = await clients.users.ensureHouseAccount({ name });
    return current.accessToken;
  };
  return {
    name,
    accountId,
    token,
    fund: (instruments) => fund(clients, accountId, token, instruments),
  };
}

async function fund(
  clients: SimulatorClients,
  accountId: string,
  token: () => Promise<string>,
  instruments: HouseInstrument[],
): Promise<Map<string, number>> {
  const { cash, shares } = await readBalances(clients, await token());
  const held = new Map<string, number>();
  const missing: Record<string, string> = {};
  for (const instrument of instruments) {
    const lots = Number((shares.get(instrument.symbol) ?? 0n) / instrument.lotMicros);
    const perQuote = quoteLots(instrument, instrument.referenceTicks);
    const added = needsShares(lots, perQuote) ? targetLots(perQuote) - lots : 0;
    if (added > 0) missing[instrument.symbol] = decimalShares(BigInt(added) * instrument.lotMicros);
    held.set(instrument.symbol, lots + added);
  }
  const needsCash = cash < houseCashMinMicros;
  if (needsCash || Object.keys(missing).length > 0) {
    // The key is this top-up's own: a re-sent call is the same top-up, and after a crash the balances decide anew.
    await clients.ledger.fundHouseAccount({
      idempotencyKey: uuidV7(),
      accountId,
      cash: needsCash ? houseCash : '',
      shares: missing,
    });
  }
  return held;
}

async function readBalances(clients: SimulatorClients, userToken: string) {
  try {
    const { cash, shares } = await clients.balances.getBalances({}, { userToken });
    const total = (text: string, scale: number) => (text === '' ? 0n : parseDecimal(text, scale));
    return {
      cash: total(cash?.total ?? '', CASH_SCALE),
      shares: new Map(shares.map((share) => [share.asset, total(share.total, QUANTITY_SCALE)])),
    };
  } catch (error) {
    // The ledger opens an account with its first money.
    if (error instanceof OutcryError && error.reason === ErrorReason.ACCOUNT_NOT_FOUND) {
      return { cash: 0n, shares: new Map<string, bigint>() };
    }
    throw error;
  }
}

function decimalShares(micros: bigint): string {
  return `${micros / microsDigits}.${String(micros % microsDigits).padStart(QUANTITY_SCALE, '0')}`;
}
