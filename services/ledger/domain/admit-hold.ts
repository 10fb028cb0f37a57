import type { AccountState } from './account.ts';
import { cashAsset, formatAmount } from './asset.ts';
import { type BalanceKey, type BalanceSheet, balanceKeyText } from './balance-sheet.ts';
import { type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import type { Refusal } from './refusal.ts';

/** A requested hold. */
export type HoldRequest = {
  orderId: string;
  terms: HoldTerms;
  /** Greatest position after a buy in millionths of a share; undefined: no limit. */
  positionMaxMicros: bigint | undefined;
};

/** What admission depends on. Each admitted hold changes the sheet and the incoming shares. */
export type AdmissionState = {
  sheet: BalanceSheet;
  /** State of each account; an account that is missing does not exist. */
  accounts: ReadonlyMap<string, AccountState>;
  /** Millionths of a share that the open buys of an account would still bring in, by `balanceKeyText`. */
  incomingMicros: Map<string, bigint>;
};

/**
 * Takes the hold from what is available and returns its amount, or returns the refusal and changes nothing. Called for one
 * request after the other, each of which sees what those before have taken.
 */
export function admitHold(request: HoldRequest, state: AdmissionState): { amount: bigint } | { refusal: Refusal } {
  const { terms } = request;
  const refusal = refuseAccount(state.accounts.get(terms.accountId)) ?? refusePosition(request, terms.lots, state);
  if (refusal) return { refusal };
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  const amount = heldAmount(terms, unfilled);
  if (state.sheet.read(key).available < amount) return { refusal: insufficient(key, amount, state.sheet) };
  state.sheet.hold(key, amount);
  addIncoming(terms, state);
  return { amount };
}

/** Counts what a buy would bring in for the requests after it. */
export function addIncoming(terms: HoldTerms, { incomingMicros }: Pick<AdmissionState, 'incomingMicros'>): void {
  if (terms.side === 'sell') return;
  const text = balanceKeyText({ accountId: terms.accountId, asset: terms.symbol });
  incomingMicros.set(text, (incomingMicros.get(text) ?? 0n) + terms.lots * terms.lotMicros);
}

/** Refuses an account that does not exist, is frozen or is closed. */
export function refuseAccount(state: AccountState | undefined): Refusal | undefined {
  if (state === 'active') return undefined;
  if (state === undefined) return { reason: 'account-not-found', metadata: {} };
  return { reason: state === 'frozen' ? 'account-frozen' : 'account-closed', metadata: {} };
}

/** The refusal of an amount that is not available, with its numbers. */
export function insufficient(key: BalanceKey, needed: bigint, sheet: BalanceSheet): Refusal {
  const { available, held } = sheet.read(key);
  const numbers = {
    needed: formatAmount(key.asset, needed),
    available: formatAmount(key.asset, available),
    held: formatAmount(key.asset, held),
  };
  return key.asset === cashAsset
    ? { reason: 'cash-insufficient', metadata: { ...numbers, currency: cashAsset } }
    : { reason: 'shares-insufficient', metadata: { ...numbers, symbol: key.asset } };
}

/** Whether it depends on what the account owns and may still buy. */
export function hasPositionLimit({
  terms,
  positionMaxMicros,
}: Pick<HoldRequest, 'terms' | 'positionMaxMicros'>): boolean {
  return terms.side === 'buy' && positionMaxMicros !== undefined;
}

/** Refuses a buy of `moreLots` beside what the account owns and may still buy when that is more than it may have; fewer than before never. */
export function refusePosition(
  { terms, positionMaxMicros }: Pick<HoldRequest, 'terms' | 'positionMaxMicros'>,
  moreLots: bigint,
  state: AdmissionState,
): Refusal | undefined {
  if (terms.side === 'sell' || positionMaxMicros === undefined || moreLots <= 0n) return undefined;
  const key = { accountId: terms.accountId, asset: terms.symbol };
  const { available, held } = state.sheet.read(key);
  const incoming = state.incomingMicros.get(balanceKeyText(key)) ?? 0n;
  const position = available + held + incoming + moreLots * terms.lotMicros;
  if (position <= positionMaxMicros) return undefined;
  return {
    reason: 'position-limit-exceeded',
    metadata: {
      symbol: terms.symbol,
      position: formatAmount(terms.symbol, position),
      limit: formatAmount(terms.symbol, positionMaxMicros),
    },
  };
}
