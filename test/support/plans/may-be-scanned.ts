/** What may be read as a whole, and why. */

/** Tables that do not grow with use. */
export const smallTables: Readonly<Record<string, string>> = {
  'platform.lease': 'a row for each role that one process has at a time',
  'platform.feed_position': 'a row for each feed that the service follows',
  'platform.feed_head': 'a row for each feed that the service has',
  'platform.migration': 'a row for each migration',
  'bus.queue': 'a row for each queue that a service declares',
  'public.instrument': 'a row for each symbol, made by staff',
  'public.signing_key': 'one or two rows: a key is removed after its successor has taken over',
  'public.state_command': 'a row for each halt or resume by staff, removed after its retention',
};

const audit = 'the audit proves the whole ledger at one cut, when it is asked to';

/** Statements that read a table that grows, by a part of their text with single spaces. */
export const wholeReads: readonly { text: string; why: string }[] = [
  { text: 'FROM posting GROUP BY sequence, asset HAVING', why: audit },
  { text: 'SELECT DISTINCT sequence FROM posting', why: audit },
  { text: 'sum(amount) AS posted FROM posting GROUP BY account_id, asset', why: audit },
  { text: 'sum(amount) AS explained', why: audit },
  { text: '-sum(amount) AS issued FROM posting', why: audit },
  { text: 'count(DISTINCT account_id) AS accounts FROM balance', why: audit },
  { text: 'audited_order', why: 'a temporary table of one audit' },
  { text: 'audited_position', why: 'a temporary table of one audit' },
];
