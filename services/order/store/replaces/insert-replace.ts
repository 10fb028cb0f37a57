import type { Sql } from '#platform/postgres/sql.ts';
import type { Replace } from '../../domain/replace.ts';
import { toSpecialTermsColumn } from '../special-terms-column.ts';
import { replaceColumns } from './replace-row.ts';

const insertSql = `INSERT INTO replaces (${replaceColumns})
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

/** Stores a change. The transaction must have locked its account, and found the key unused. */
export async function insertReplace(tx: Sql, replace: Replace): Promise<void> {
  await tx.query(insertSql, [
    replace.replaceId,
    replace.accountId,
    replace.key,
    replace.fingerprint,
    replace.orderId,
    replace.number ?? null,
    replace.state,
    replace.expectedRevision,
    replace.quantityLots,
    replace.priceTicks,
    replace.stopTicks ?? null,
    replace.specials === undefined ? null : JSON.stringify(toSpecialTermsColumn(replace.specials)),
    replace.refusal?.reason ?? null,
    replace.refusal === undefined ? null : JSON.stringify(replace.refusal.metadata),
    new Date(replace.createTimeMs),
  ]);
}
