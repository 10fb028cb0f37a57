import type { Replace } from '../../domain/replace.ts';
import { fromSpecialTermsColumn, type SpecialTermsColumn } from '../special-terms-column.ts';

/** A row of table replaces, without what only its jobs read. */
export type ReplaceRow = {
  replace_id: string;
  account_id: string;
  idempotency_key: string;
  fingerprint: string;
  order_id: string;
  number: number | null;
  state: Replace['state'];
  expected_revision: number;
  quantity_lots: bigint;
  price_ticks: bigint;
  stop_ticks: bigint | null;
  specials: SpecialTermsColumn;
  refusal_reason: string | null;
  refusal_metadata: Record<string, string> | null;
  create_time: Date;
};

/** The columns of `ReplaceRow`. */
export const replaceColumns = `replace_id, account_id, idempotency_key, fingerprint, order_id, number, state, expected_revision,
  quantity_lots, price_ticks, stop_ticks, specials, refusal_reason, refusal_metadata, create_time`;

/** The change of a row. */
export function fromReplaceRow(row: ReplaceRow): Replace {
  const specials = fromSpecialTermsColumn(row.specials);
  return {
    replaceId: row.replace_id,
    accountId: row.account_id,
    key: row.idempotency_key,
    fingerprint: row.fingerprint,
    orderId: row.order_id,
    number: row.number ?? undefined,
    state: row.state,
    expectedRevision: row.expected_revision,
    quantityLots: row.quantity_lots,
    priceTicks: row.price_ticks,
    stopTicks: row.stop_ticks ?? undefined,
    ...(specials && { specials }),
    refusal:
      row.refusal_reason === null ? undefined : { reason: row.refusal_reason, metadata: row.refusal_metadata ?? {} },
    createTimeMs: row.create_time.getTime(),
  };
}
