/** Proves a run of the ledger's entries: each says what it books, and its postings and the portfolio follow from that. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { readByIds } from '../clients/stores.ts';
import { accountsOf, applyFact, type ExpectedGain, type Holdings } from '../domain/holdings.ts';
import { expectedPosting, type LedgerFact, legsOf, referenceOf } from '../domain/ledger-fact.ts';
import { compareRow, type StoredRow, textOf } from '../domain/row.ts';
import { toLedgerFact } from '../rpc/messages/feed-event.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';
import { toNotification, transferMessage } from './expected-message.ts';
import { isLookedFor } from './message-age.ts';
import { proveAdjustments } from './prove-adjustments.ts';
import { tradeNumber } from './prove-events.ts';
import { proveMessages } from './prove-messages.ts';
import type { RowsToSeal } from './save-window.ts';

/** Sums of the postings by `<account>/<asset>`. */
export type AssetSums = Map<string, bigint>;

/** What follows from the ledger's entries so far. */
export type Books = { sums: AssetSums; holdings: Holdings };

/** What a run of entries has changed, and the rows that it has proved. */
export type ProvedEntries = { changed: Set<string>; accounts: Set<string>; seals: RowsToSeal[] };

/** Reads the entries after a sequence up to another, compares them and their postings, and adds them to the books. */
export async function proveEntries(
  context: PassContext,
  books: Books,
  { lastTrades, ...range }: { after: bigint; upTo: bigint; lastTrades: ReadonlyMap<number, bigint> },
): Promise<ProvedEntries> {
  const { stores, callOptions } = context;
  const tables = ['entry', 'posting'].map((table) => ({ table, selection: Selection.RANGE, ...range }));
  const { parts } = await stores.read('ledger', { tables }, callOptions);
  const [entries = [], postings = []] = parts.map(({ rows }) => rows);
  const proved: ProvedEntries = { changed: new Set(), accounts: new Set(), seals: [] };
  const facts = readFacts(context, entries, range);
  checkPostings(context, facts, postings);
  checkTrades(context, facts, lastTrades);
  const gains = addToBooks(books, facts, proved);
  await checkTransfers(context, facts);
  const commands = await proveAdjustments(context, facts);
  const gainRows = await checkGains(context, gains, range);
  count(context, 'entries', entries.length);
  count(context, 'postings', postings.length);
  proved.seals.push(
    { store: 'ledger', table: 'entry', rows: entries },
    { store: 'ledger', table: 'posting', rows: postings },
    { store: 'ledger', table: 'adjustment', rows: commands },
    { store: 'portfolio', table: 'realized_gain', rows: gainRows },
  );
  return proved;
}

/** The facts of entries by sequence; what is missing, or says other things than its columns, is a finding. */
export function readFacts(
  { findings }: Pick<PassContext, 'findings'>,
  entries: readonly StoredRow[],
  { after, upTo }: { after: bigint; upTo: bigint },
): Map<string, LedgerFact> {
  const facts = new Map<string, LedgerFact>();
  let next = after + 1n;
  const missing = (until: bigint) => {
    for (; next < until; next += 1n) {
      const subject = `ledger entry ${next}`;
      findings.add({ rule: 'entries-without-gap', subject, expected: 'an entry', found: 'none' });
    }
  };
  for (const row of entries) {
    missing(BigInt(row.key));
    next = BigInt(row.key) + 1n;
    const fact = toLedgerFact(textOf(row, 'fact'));
    if (fact === undefined) {
      findings.add({
        rule: 'entry-has-a-fact',
        subject: `ledger entry ${row.key}`,
        expected: 'a fact',
        found: 'bytes that are none',
      });
      continue;
    }
    facts.set(row.key, fact);
    const expected = { kind: fact.kind, reference: referenceOf(fact), book_time_ms: fact.timeMs };
    compareRow(findings, { rule: 'entry-equals-its-fact', place: 'ledger entry', row, expected });
  }
  missing(upTo + 1n);
  return facts;
}

/** The postings are those that the facts lead to, each once. */
export function checkPostings(
  { findings }: Pick<PassContext, 'findings'>,
  facts: ReadonlyMap<string, LedgerFact>,
  postings: readonly StoredRow[],
): void {
  const rows = new Map<string, StoredRow>();
  for (const row of postings) {
    if (!rows.has(row.key)) rows.set(row.key, row);
    else
      findings.add({
        rule: 'posting-is-written-once',
        subject: `ledger posting ${row.key}`,
        expected: 'one',
        found: 'another one',
      });
  }
  for (const [sequence, fact] of facts) {
    for (const [line, leg] of legsOf(fact).entries()) {
      const key = `${sequence}/${line}`;
      const row = rows.get(key);
      rows.delete(key);
      const expected = expectedPosting(leg);
      if (row !== undefined)
        compareRow(findings, { rule: 'posting-follows-its-entry', place: 'ledger posting', row, expected });
      else {
        const found = 'none';
        const text = `${leg.amount} ${leg.asset} of account ${leg.accountId}`;
        findings.add({ rule: 'entry-has-its-postings', subject: `ledger posting ${key}`, expected: text, found });
      }
    }
  }
  for (const row of rows.values()) {
    const found = `${textOf(row, 'amount')} ${textOf(row, 'asset')} of account ${textOf(row, 'account_id')}`;
    findings.add({ rule: 'posting-has-its-entry', subject: `ledger posting ${row.key}`, expected: 'none', found });
  }
}

/** The exchange has made the trades of the entries. That each is booked, and once, is proved with the trades. */
function checkTrades(
  { findings }: PassContext,
  facts: ReadonlyMap<string, LedgerFact>,
  lastTrades: ReadonlyMap<number, bigint>,
): void {
  for (const [sequence, fact] of facts) {
    if (fact.kind !== 'trade') continue;
    const number = tradeNumber(fact.tradeId);
    const last = lastTrades.get(Number(fact.tradeId.split('-')[0])) ?? 0n;
    if (number > 0n && number <= last) continue;
    const texts = { expected: 'a trade of the exchange', found: `trade ${fact.tradeId}, which is none` };
    findings.add({ rule: 'entry-has-its-trade', subject: `ledger entry ${sequence}`, ...texts });
  }
}

function addToBooks(
  { sums, holdings }: Books,
  facts: ReadonlyMap<string, LedgerFact>,
  proved: ProvedEntries,
): Map<string, ExpectedGain> {
  const gains = new Map<string, ExpectedGain>();
  for (const [sequence, fact] of facts) {
    for (const { accountId, asset, amount } of legsOf(fact)) {
      const key = `${accountId}/${asset}`;
      sums.set(key, (sums.get(key) ?? 0n) + amount);
      proved.changed.add(key);
    }
    for (const accountId of accountsOf(fact)) proved.accounts.add(accountId);
    const gain = applyFact(holdings, BigInt(sequence), fact);
    if (gain) gains.set(gain.key, gain);
  }
  return gains;
}

async function checkTransfers(context: PassContext, facts: ReadonlyMap<string, LedgerFact>): Promise<void> {
  const { findings, stores, callOptions } = context;
  const moved = [...facts].flatMap(([sequence, fact]) => (fact.kind === 'cash' ? [{ sequence, ...fact }] : []));
  if (moved.length === 0) return;
  const ids = moved.map(({ transferId }) => transferId);
  const rows = byKey(await readByIds(stores, { store: 'ledger', table: 'transfer', ids }, callOptions));
  const expected = moved
    .filter(({ timeMs }) => isLookedFor(context, timeMs, 'machine'))
    .map(({ transferId, amountMicros, timeMs }) => transferMessage(transferId, amountMicros, timeMs));
  await proveMessages(context, toNotification('ledger'), expected);
  checkBookedOnce(context, await readByIds(stores, { store: 'ledger', table: 'cash_entry', ids }, callOptions));
  for (const { sequence, transferId, accountId, amountMicros } of moved) {
    const row = rows.get(transferId);
    const kind = amountMicros > 0n ? 'deposit' : 'withdrawal';
    const amount = amountMicros > 0n ? amountMicros : -amountMicros;
    const expected = { account_id: accountId, kind, amount_micros: amount, status: 'completed' };
    // Which of the two is wrong, neither says.
    const place = `ledger entry ${sequence} and ledger transfer`;
    if (row) compareRow(findings, { rule: 'transfer-equals-its-entry', place, row, expected });
    else {
      const text = `a ${kind} of ${amount} micros of account ${accountId}`;
      findings.add({
        rule: 'entry-has-its-transfer',
        subject: `ledger transfer ${transferId}`,
        expected: text,
        found: 'none',
      });
    }
  }
}

/** No transfer has two entries, whenever they were booked. */
function checkBookedOnce({ findings }: PassContext, entries: readonly StoredRow[]): void {
  for (const [transferId, ofTransfer] of Map.groupBy(entries, (row) => textOf(row, 'reference'))) {
    if (ofTransfer.length === 1) continue;
    const found = ofTransfer.map(({ key }) => `ledger entry ${key}`).join(', ');
    const subject = `ledger transfer ${transferId}`;
    findings.add({ rule: 'transfer-has-one-entry', subject, expected: 'one entry', found });
  }
}

async function checkGains(
  context: PassContext,
  gains: ReadonlyMap<string, ExpectedGain>,
  range: { after: bigint; upTo: bigint },
): Promise<StoredRow[]> {
  const { findings, stores, callOptions } = context;
  const tables = [{ table: 'realized_gain', selection: Selection.RANGE, ...range }];
  const { parts } = await stores.read('portfolio', { tables, minPositions: { ledger: range.upTo } }, callOptions);
  const rows = parts[0]?.rows ?? [];
  const unexplained = byKey(rows);
  for (const { key, values: expected } of gains.values()) {
    const row = unexplained.get(key);
    unexplained.delete(key);
    if (row) compareRow(findings, { rule: 'gain-equals-its-sale', place: 'portfolio realized_gain', row, expected });
    else {
      const subject = `portfolio realized_gain ${key}`;
      findings.add({ rule: 'sale-has-its-gain', subject, expected: `${expected.gain_micros} micros`, found: 'none' });
    }
  }
  for (const row of unexplained.values()) {
    const subject = `portfolio realized_gain ${row.key}`;
    findings.add({
      rule: 'gain-has-its-sale',
      subject,
      expected: 'none',
      found: `${textOf(row, 'gain_micros')} micros`,
    });
  }
  return rows;
}
