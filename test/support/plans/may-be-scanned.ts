/** What may be read as a whole, and why. */

/** Tables that do not grow with use. */
export const smallTables: Readonly<Record<string, string>> = {
  'platform.lease': 'a row for each role that one process has at a time',
  'platform.feed_position': 'a row for each feed that the service follows',
  'platform.feed_head': 'a row for each feed that the service has',
  'platform.migration': 'a row for each migration',
  'bus.queue': 'a row for each queue that a service declares',
  'public.instrument': 'a row for each symbol, made by staff',
  'public.trading_day': 'a row for each instrument that has sessions or was halted, made by staff',
  'public.signing_key': 'one or two rows: a key is removed after its successor has taken over',
  'public.state_command': 'a row for each halt or resume by staff, removed after its retention',
};

const audit = 'a full pass of the audit compares all blocks of all tables, when it is asked to';

/** Statements that read a table that grows, by a part of their text with single spaces. */
export const wholeReads: readonly { text: string; why: string }[] = [
  { text: '/* audit */', why: audit },
  {
    text: 'FROM proved WHERE kind =',
    why: 'a light pass reads what is open, sums and positions, all of which it compares',
  },
  { text: 'bit_xor(digest) AS digest FROM seal', why: audit },
];
