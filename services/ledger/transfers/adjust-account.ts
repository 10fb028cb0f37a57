import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { jsonAnswer, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Adjustment, type AdjustmentTerms, bookAdjustment } from '../domain/adjustment.ts';
import { cashAsset, correctionAccount, issuerAccount } from '../domain/asset.ts';
import type { Refusal } from '../domain/refusal.ts';
import { publishAdjustmentCompleted } from '../events/published.ts';
import { hasMovement, insertAdjustment } from '../store/adjustments.ts';
import { lockOrCreateBalances, readBalances } from '../store/lock-balances.ts';
import { readAccounts } from '../store/read-accounts.ts';
import type { GrantOptions } from './grant-assets.ts';

/** The id of what was booked, or why nothing was. */
export type AdjustmentOutcome = { adjustmentId: string } | { refusal: Refusal };

/**
 * Corrects an account in one transaction, once for a key of the administrator: the row that says who asked, the entry, the balances and the
 * event commit together. The key comes first: whatever became of the account since, a repeat has the first outcome. Throws INVALID_ARGUMENT
 * for a symbol of which no shares were issued and for a reference that no movement of the account has; neither is stored under the key.
 */
export function adjustAccount(
  { db, feed, nowMs }: GrantOptions,
  terms: AdjustmentTerms,
  key: string,
): Promise<AdjustmentOutcome> {
  const { accountId, asset, amount, costMicros, reason, reference, adjustedBy } = terms;
  return db.transaction((tx) =>
    runIdempotent<AdjustmentOutcome>(tx, {
      scope: `adjust:${adjustedBy}`,
      key,
      // The reason comes last, as it may have the separator.
      fingerprint: [accountId, asset, amount, costMicros, reference, reason].join('|'),
      run: () => book(tx, feed, { ...terms, adjustmentId: uuidV7(nowMs()), timeMs: nowMs() }),
      ...jsonAnswer<AdjustmentOutcome>(),
    }),
  );
}

async function book(tx: Sql, feed: GrantOptions['feed'], adjustment: Adjustment): Promise<AdjustmentOutcome> {
  const { adjustmentId, accountId, asset } = adjustment;
  await requireKnown(tx, adjustment);
  const state = (await readAccounts(tx, [accountId])).get(accountId)?.state;
  const owners = state === undefined ? [] : [accountId, correctionAccount];
  const sheet = await lockOrCreateBalances(
    tx,
    owners.map((owner) => ({ accountId: owner, asset })),
  );
  const booked = bookAdjustment(adjustment, state, sheet);
  if ('reason' in booked) return { refusal: booked };
  await insertAdjustment(tx, adjustment);
  await publishAdjustmentCompleted(tx, adjustment);
  await feed.append(tx, [booked], { sheet });
  return { adjustmentId };
}

async function requireKnown(tx: Sql, { accountId, asset, reference }: Adjustment): Promise<void> {
  if (reference !== '' && !(await hasMovement(tx, accountId, reference))) {
    throw invalidArgument('reference', "must be that of a movement on the account's statement");
  }
  if (asset === cashAsset) return;
  const issuer = { accountId: issuerAccount, asset };
  // Shares that were never issued could not be sold, and a symbol that was mistyped would come into being.
  if ((await readBalances(tx, [issuer])).read(issuer).available < 0n) return;
  throw invalidArgument('asset', `must be ${cashAsset} or a symbol of which shares were issued`);
}
