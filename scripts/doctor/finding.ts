/** What the doctor finds, and what is to be done about each. */

/** What to do about each kind of finding; the runbook has the rest. */
export const remedies = {
  'node-version': { advice: 'run the commands by npm, which takes the Node of a package where the own one is too old' },
  'data-not-writable': {
    advice: 'give the data folder to the user who runs the system, or choose another with --data',
  },
  'disk-full': { advice: 'free space on that disk, or move the data folder', runbook: 'postgres-away' },
  'disk-slow': { advice: 'look for what else writes to that disk', runbook: 'database-slow' },
  'port-taken': { advice: 'end what listens there, or start with --port P' },
  'system-down': { advice: 'start it with npm start, or name its folder with --data' },
  'process-missing': { advice: 'read the end of its log; the supervisor starts it again', runbook: 'service-down' },
  'process-failing': { advice: 'read the end of its log: it ends again and again', runbook: 'service-down' },
  'process-frozen': { advice: 'let it go on (kill -CONT), or end it: it is started again', runbook: 'service-down' },
  'process-not-ready': { advice: 'look for what it waits for in its log', runbook: 'service-down' },
  'database-away': { advice: 'look at the log of PostgreSQL', runbook: 'postgres-away' },
  'database-version': { advice: 'use PostgreSQL 14 or newer' },
  'database-settings': { advice: 'set it back: committed orders could be lost', runbook: 'postgres-away' },
  'database-locked': {
    advice: 'end the session that holds the lock: SELECT pg_terminate_backend(PID)',
    runbook: 'database-slow',
  },
  'database-slow': { advice: 'look at the disk, the connection and long statements', runbook: 'database-slow' },
  'database-unanswered': { advice: 'look whether PostgreSQL and the way to it work', runbook: 'database-slow' },
  'migrations-missing': {
    advice: 'start the release whose schema this is, or let its services migrate',
    runbook: 'migration-fails',
  },
  'clock-off': { advice: 'set the clocks of both machines (NTP)', runbook: 'clock-jumped' },
  'clock-jumped': {
    advice: 'set the clock of that machine (NTP); the exchange serves again by itself',
    runbook: 'clock-jumped',
  },
  'shard-unserved': { advice: 'look at the processes of the exchange and their database', runbook: 'shard-unserved' },
  'feed-halted': { advice: 'find the cause; npm run feeds -- --resume lifts the halt', runbook: 'feed-halted' },
  'feed-behind': { advice: 'look for locks and load at its database', runbook: 'feed-behind' },
  'outbox-stuck': { advice: 'look at the bus and the way to it', runbook: 'outbox-stuck' },
  'dead-letters': { advice: 'npm run dead-letters shows them, tries again, or drops them', runbook: 'dead-letters' },
  'orders-stuck': { advice: 'look at the exchange and the way from order to it', runbook: 'orders-stuck' },
  'orders-unanswered': { advice: 'look at the findings beside this one', runbook: 'orders-unanswered' },
  'orders-slow': { advice: 'look where the time goes: database, exchange, processor', runbook: 'orders-slow' },
  'feed-surprises': { advice: 'run npm run audit; it names the rows that differ', runbook: 'feed-surprises' },
  'audit-finding': { advice: 'run npm run audit; it names the rows that differ', runbook: 'audit-finding' },
  'audit-stale': { advice: 'look at the log of the audit', runbook: 'audit-stale' },
  'transfers-stuck': { advice: 'ask the payment provider for their outcome', runbook: 'transfers-stuck' },
  'mails-waiting': { advice: 'look whether the mail server takes mail', runbook: 'mails-waiting' },
  'event-loop-blocked': {
    advice: 'take a profile of that process, or give it a processor',
    runbook: 'event-loop-blocked',
  },
} as const satisfies Record<string, { advice: string; runbook?: string }>;

/** Kind of a finding. */
export type FindingCode = keyof typeof remedies;

/** The runbook of a kind of finding, without folder and ending; undefined: its advice is all. */
export function runbookOf(code: FindingCode): string | undefined {
  const remedy: { advice: string; runbook?: string } = remedies[code];
  return remedy.runbook;
}

/** One thing that is wrong. */
export type Finding = {
  code: FindingCode;
  /** What it is about: a process, a database, a feed, a folder. */
  subject: string;
  /** What was seen, with its figures. */
  detail: string;
};

/** Findings as text for a person: what is wrong, then what to do. */
export function describeFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.';
  return findings
    .map((finding) => {
      const name = runbookOf(finding.code);
      const runbook = name === undefined ? '' : ` (docs/runbooks/${name}.md)`;
      return `${finding.code}: ${finding.subject}: ${finding.detail}\n    ${remedies[finding.code].advice}${runbook}`;
    })
    .join('\n');
}
