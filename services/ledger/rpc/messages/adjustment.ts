/** Corrections of accounts, from and to the contract. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AdjustAccountRequest, AdjustmentSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { CASH_SCALE, formatCash, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { readDecimal, readLine } from '#platform/validation/request-fields.ts';
import type { Adjustment, AdjustmentTerms } from '../../domain/adjustment.ts';
import { cashAsset, formatAmount } from '../../domain/asset.ts';
import { readAccountId, readShareSymbol } from './request-fields.ts';

/** Greatest amount of one correction, in millionths of the currency or of a share. */
const amountMax = 1_000_000_000_000n;
const costBounds = { min: 0n, max: 1_000_000_000_000_000n };
const reasonLength = { min: 1, max: 200 };
const referencePattern = /^[A-Za-z0-9._:-]{0,64}$/;

/** What is asked for, by whom. Throws INVALID_ARGUMENT, and NOT_FOUND for a text that is no account's id. */
export function readAdjustmentTerms(request: AdjustAccountRequest, adjustedBy: string): AdjustmentTerms {
  const accountId = readAccountId(request.accountId);
  if (accountId === adjustedBy) throw invalidArgument('account_id', "must not be the caller's own account");
  const asset = request.asset === cashAsset ? cashAsset : readShareSymbol('asset', request.asset);
  const scale = asset === cashAsset ? CASH_SCALE : QUANTITY_SCALE;
  const amount = readDecimal('amount', request.amount, scale, { min: -amountMax, max: amountMax });
  if (amount === 0n) throw invalidArgument('amount', 'must not be 0');
  const reason = readLine('reason', request.reason, reasonLength);
  if (!referencePattern.test(request.reference)) {
    throw invalidArgument('reference', 'must be at most 64 characters of [A-Za-z0-9._:-]');
  }
  const costMicros = readCost(request.cost, asset !== cashAsset && amount > 0n);
  return { accountId, asset, amount, costMicros, reason, reference: request.reference, adjustedBy };
}

function readCost(text: string, areSharesAdded: boolean): bigint {
  if (text === '') return 0n;
  if (!areSharesAdded) throw invalidArgument('cost', 'must be empty but for shares that are added');
  return readDecimal('cost', text, CASH_SCALE, costBounds);
}

/** A correction as a message. */
export function adjustmentMessage(adjustment: Adjustment): MessageInitShape<typeof AdjustmentSchema> {
  const { amount, costMicros, timeMs, ...same } = adjustment;
  return {
    ...same,
    amount: formatAmount(same.asset, amount),
    cost: formatCash(costMicros),
    time: timestampFromMs(timeMs),
  };
}
