/** The form of a correction: what it asks for, and what an account then has. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AdjustAccountRequestSchema, GetBalancesResponse } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { exactAmount, figureText } from '../../figures/figure-text.ts';

/** The texts of the form. */
export type AdjustmentDraft = {
  asset: string;
  way: 'add' | 'take';
  amount: string;
  /** What added shares cost in all; empty: nothing. */
  cost: string;
  reason: string;
  /** Of the movement that is corrected; empty: none. */
  reference: string;
};

/** An empty form. */
export const emptyAdjustment: AdjustmentDraft = {
  ...{ asset: '', way: 'add', amount: '', cost: '', reason: '', reference: '' },
};

/** What an account has of an asset, decimal. */
export type Free = { available: string; held: string };

/** What an account has of an asset; nothing where it never had any. */
export function freeOf({ cash, shares }: GetBalancesResponse, asset: string): Free {
  const found = cash?.asset === asset ? cash : shares.find((balance) => balance.asset === asset);
  return found ?? { available: '0', held: '0' };
}

const amountMax = 1_000_000_000_000n;

/** Whether the amount is one that can be moved at once: above 0, and 1,000,000 at most. */
export function isAmount(text: string): boolean {
  const micros = parseMicros(text) ?? 0n;
  return micros > 0n && micros <= amountMax;
}

/** What is asked for; undefined while something is missing. */
export function requestOf(
  draft: AdjustmentDraft,
  accountId: string,
  currency: string,
): Omit<MessageInitShape<typeof AdjustAccountRequestSchema>, 'idempotencyKey' | '$typeName'> | undefined {
  const { asset, way, reason, reference } = draft;
  const micros = parseMicros(draft.amount) ?? 0n;
  const cost = parseMicros(draft.cost);
  if (asset === '' || !isAmount(draft.amount) || reason.trim() === '') return undefined;
  if (draft.cost !== '' && cost === undefined) return undefined;
  const hasCost = hasCostField(draft, currency) && cost !== undefined;
  return {
    ...{ accountId, asset, amount: microsText(way === 'add' ? micros : -micros) },
    ...{ reason: reason.trim(), reference: reference.trim(), cost: hasCost ? microsText(cost) : '' },
  };
}

/** Whether the correction states a cost: shares that are added. */
export function hasCostField({ asset, way }: AdjustmentDraft, currency: string): boolean {
  return way === 'add' && asset !== '' && asset !== currency;
}

/** What is free before and after; undefined without an amount. `isShort`: so much is not free. */
export function beforeAndAfter(
  { way, amount }: AdjustmentDraft,
  { available }: Free,
): { before: string; after: string; isShort: boolean } | undefined {
  if (!isAmount(amount)) return undefined;
  const [before, micros] = [parseMicros(available) ?? 0n, parseMicros(amount) ?? 0n];
  const after = way === 'add' ? before + micros : before - micros;
  return { before: microsText(before), after: microsText(after), isShort: after < 0n };
}

/** What will happen, as sentences. */
export function adjustmentSentence(draft: AdjustmentDraft, free: Free, name: string): string {
  const { asset, way, amount, reason, cost } = draft;
  const quantity = `${figureText(microsText(parseMicros(amount) ?? 0n), { trimmed: true })} ${asset}`;
  const balance = beforeAndAfter(draft, free);
  const at = way === 'add' && parseMicros(cost) ? ` at a cost of ${figureText(cost, exactAmount)} in all` : '';
  const change = way === 'add' ? `${quantity} come to ${name}${at}` : `${quantity} are taken from ${name}`;
  const house = way === 'add' ? 'The house gives them.' : 'The house gets them.';
  const text = (micros: string | undefined) => figureText(micros, { trimmed: true });
  return `${change}: free before ${text(balance?.before)}, after ${text(balance?.after)}. ${house} The owner is notified with your words: “${reason.trim()}”.`;
}
