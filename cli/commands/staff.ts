import {
  AuditService,
  type Finding,
  FindingSchema,
  type Verdict,
  VerdictSchema,
} from '#gen/outcry/audit/v1/audit_pb.ts';
import {
  type DeadEvent,
  DeadEventAdminService,
  DeadEventSchema,
  FindDeadEventsResponseSchema,
} from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { CallFailure } from '../call/call-failure.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import type { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { type Column, renderTable } from '../output/table.ts';
import { timeWord } from '../output/words.ts';
import { follow } from './follow.ts';
import { limitOption, readPages } from './pages.ts';

const findingsMax = 1_000;
// A pass over a long history sends nothing until it has found something or is over.
const auditSilenceMs = 120_000;
const eventIdsMax = 200;

const deadEventColumns: readonly Column<DeadEvent>[] = [
  { title: 'GIVEN UP', value: ({ giveUpTime }) => timeWord(giveUpTime) },
  { title: 'QUEUE', value: ({ queue }) => queue },
  { title: 'EVENT', value: ({ eventId }) => eventId },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'ATTEMPTS', value: ({ attempts }) => String(attempts), isNumber: true },
  { title: 'LAST FAILURE', value: ({ lastFailure }) => lastFailure },
];
const queueArgument = { name: 'QUEUE', help: 'its queue' };
const eventsArgument = { name: 'EVENT', help: 'ids', count: 'any' as const };
const allOption = { name: 'all', help: 'all of the queue' };

/** Commands of operators and administrators. */
export const staffCommands: readonly Command[] = [
  {
    name: 'audit',
    summary: 'prove that every cent and share is accounted for (operators)',
    details: 'Ends with 0 when it is, with 1 when something differs.',
    run: audit,
  },
  {
    name: 'dead-letters',
    summary: 'events that no consumer could handle (operators)',
    arguments: [{ ...queueArgument, count: 'optional' }],
    options: [limitOption],
    async run({ api, print }, input) {
      const pageSizeMax = 100;
      const list = async (page: { pageSize: number; pageToken: string }) => {
        const answer = await api.call(DeadEventAdminService.method.listDeadEvents, { ...page, queue: input.at(0) });
        return { rows: answer.deadEvents, nextPageToken: answer.nextPageToken };
      };
      const rows = await readPages(input, list, pageSizeMax);
      print.list(DeadEventSchema, rows, { columns: deadEventColumns, empty: 'no dead letters' });
    },
  },
  {
    name: 'dead-letters inspect',
    summary: 'one of them with what it says',
    arguments: [queueArgument, { name: 'EVENT', help: 'its id' }],
    async run({ api, print }, input) {
      const request = { queue: input.at(0), eventId: input.at(1) };
      const answer = await api.call(DeadEventAdminService.method.findDeadEvents, request);
      const fields = answer.deadEvents.flatMap((event) =>
        deadEventColumns.map(({ title, value }) => [title.toLowerCase(), value(event)] as const),
      );
      print.one(FindDeadEventsResponseSchema, answer, [...fields, ['payload', answer.payloadJson]]);
      return answer.deadEvents.length === 0 ? exitCode.failed : exitCode.done;
    },
  },
  {
    name: 'dead-letters redrive',
    summary: 'put them back into their queue',
    arguments: [queueArgument, eventsArgument],
    options: [allOption],
    async run({ api, print }, input) {
      const count = await changeEvents(input, async (events) => {
        const answer = await api.call(DeadEventAdminService.method.redriveDeadEvents, events);
        return answer.redrivenCount;
      });
      print.plain({ redrivenCount: count }, `put back  ${count}`);
    },
  },
  {
    name: 'dead-letters drop',
    summary: 'give them up for good',
    arguments: [queueArgument, eventsArgument],
    options: [allOption, { name: 'reason', value: 'TEXT', help: 'why, for the record; needed' }],
    async run({ api, print }, input) {
      const reason = input.text('reason') ?? '';
      if (reason === '') throw new UsageError('dead-letters drop needs --reason');
      const count = await changeEvents(input, async (events) => {
        const answer = await api.call(DeadEventAdminService.method.dropDeadEvents, { ...events, reason });
        return answer.droppedCount;
      });
      print.plain({ droppedCount: count }, `dropped  ${count}`);
    },
  },
];

async function audit({ api, print, signal }: CommandContext) {
  let findings: Finding[] = [];
  let verdict: Verdict | undefined;
  await follow(api, {
    method: AuditService.method.runAudit,
    request() {
      // A pass that broke off is made again, and finds all again.
      findings = [];
      return { findingsMax };
    },
    silenceMs: auditSilenceMs,
    signal,
    take({ message }) {
      if (message.case === 'finding') findings.push(message.value);
      if (message.case === 'verdict') verdict = message.value;
      return verdict === undefined;
    },
  });
  if (verdict === undefined) throw new CallFailure('no-answer', 'the audit has no verdict');
  printAudit(print, verdict, findings);
  return verdict.clean ? exitCode.done : exitCode.failed;
}

function printAudit(print: CommandContext['print'], verdict: Verdict, findings: readonly Finding[]): void {
  if (print.isJson || findings.length > 0) {
    print.list(FindingSchema, findings, {
      columns: [
        { title: 'RULE', value: ({ rule }) => rule },
        { title: 'ROW', value: ({ subject }) => subject },
        { title: 'EXPECTED', value: ({ expected }) => expected },
        { title: 'FOUND', value: ({ found }) => found },
      ],
      empty: '',
    });
  }
  if (!print.isJson && verdict.assets.length > 0) {
    const table = renderTable(verdict.assets, [
      { title: 'ASSET', value: ({ asset }) => asset },
      { title: 'ISSUED', value: ({ issued }) => issued, isNumber: true },
      { title: 'OWNED', value: ({ owned }) => owned, isNumber: true },
      { title: 'HELD', value: ({ held }) => held, isNumber: true },
    ]);
    print.plain({}, `${table}\n`);
  }
  print.one(VerdictSchema, verdict, [
    ['clean', verdict.clean ? 'yes: every cent and share is accounted for' : 'NO'],
    ['findings', String(verdict.findingsCount)],
    ['failure', verdict.failure],
    ['took', `${verdict.durationMs} ms`],
  ]);
}

type Events = { queue: string; eventIds: string[]; all: boolean };

/** One call changes a bounded number: `--all` goes on until there is none, ids go in parts. */
async function changeEvents(input: Input, change: (events: Events) => Promise<number>): Promise<number> {
  const [queue = '', ...eventIds] = input.positionals;
  const all = input.flag('all');
  if (all === eventIds.length > 0) throw new UsageError('name the ids of events, or --all');
  let count = 0;
  if (all) {
    for (let more = 1; more > 0; count += more) more = await change({ queue, eventIds: [], all });
    return count;
  }
  for (let start = 0; start < eventIds.length; start += eventIdsMax) {
    count += await change({ queue, eventIds: eventIds.slice(start, start + eventIdsMax), all });
  }
  return count;
}
