/** `outcry resume`: what has no answer yet. */
import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { CallFailure, describeFailure } from '../call/call-failure.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type ExitCode, exitCode } from '../command/exit-code.ts';
import { UsageError } from '../input/usage-error.ts';
import type { JournalEntry } from '../journal/journal.ts';
import { settle } from '../journal/keyed-call.ts';
import { keyedRpcs } from '../journal/keyed-rpcs.ts';
import { printableJson } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { keyedContext } from './keyed.ts';

const details = `A command that changes something stores its call before it sends it, and removes it once the answer is printed. What was
left by a lost answer or a kill is finished here under its key: done before, or done now, in any case once. An order for the moment
(market, ioc, fok, --amount) that is older than 30 seconds is looked up, and never placed late. A call that is older than six days is not
repeated: --forget it once you have looked.`;

/** Finishes calls without an answer. */
export const resumeCommand: Command = {
  name: 'resume',
  summary: 'finish the calls that have no answer, each once',
  details,
  options: [
    { name: 'list', help: 'only show them' },
    { name: 'forget', value: 'KEY', help: 'remove the call under this key without an answer' },
  ],
  run: (context, input) => {
    const forgotten = input.text('forget');
    if (input.flag('list')) return listCalls(context);
    return forgotten === undefined ? resume(context) : forget(context, forgotten);
  },
};

async function listCalls({ journal, print }: CommandContext): Promise<ExitCode> {
  const { abandoned, waiting, unreadable } = journal.list();
  for (const name of unreadable) print.note(`${name} in the journal is not readable`);
  const rows = [
    ...abandoned.map((entry) => ({ ...entry, state: 'no answer' })),
    ...waiting.map((entry) => ({ ...entry, state: 'a running command waits for it' })),
  ];
  if (print.isJson) for (const row of rows) print.plain(row, '');
  else if (rows.length === 0) print.plain({}, 'every call has its answer');
  else {
    const columns = [
      {
        title: 'TIME',
        value: (row: JournalEntry) => new Date(row.createTimeMs).toISOString().slice(0, 19).replace('T', ' '),
      },
      { title: 'CALL', value: ({ rpc }: JournalEntry) => rpc.split('/')[1] ?? rpc },
      { title: 'KEY', value: ({ key }: JournalEntry) => key },
      { title: 'GATEWAY', value: ({ gateway }: JournalEntry) => gateway },
      { title: 'STATE', value: ({ state }: JournalEntry & { state: string }) => state },
      { title: 'REQUEST', value: ({ request }: JournalEntry) => printableJson(request) },
    ];
    print.plain({}, renderTable<JournalEntry & { state: string }>(rows, columns));
  }
  return exitCode.done;
}

async function resume(context: CommandContext): Promise<ExitCode> {
  const { abandoned, unreadable } = context.journal.list();
  for (const name of unreadable) context.print.note(`${name} in the journal is not readable`);
  if (abandoned.length === 0) return exitCode.done;
  await context.session.bearer();
  const identity = context.session.identity();
  const codes = new Set<ExitCode>();
  for (const entry of abandoned) {
    if (entry.gateway !== context.gateway || entry.identity !== identity) {
      context.print.note(`left alone, as it is of ${entry.identity} at ${entry.gateway}: key ${entry.key}`);
    } else codes.add(await resumeOne(context, entry));
  }
  return [exitCode.noAnswer, exitCode.notSignedIn, exitCode.refused].find((code) => codes.has(code)) ?? exitCode.done;
}

/** One call that fails keeps no other from its answer. */
async function resumeOne(context: CommandContext, entry: JournalEntry): Promise<ExitCode> {
  const owned = context.journal.claim(entry);
  const rpc = keyedRpcs.find(({ method }) => entry.rpc === `${method.parent.typeName}/${method.name}`);
  if (owned === undefined) return exitCode.done;
  if (rpc === undefined) {
    context.print.note(`this release knows no ${entry.rpc}: key ${entry.key}`);
    return exitCode.noAnswer;
  }
  const method: DescMethodUnary<DescMessage, DescMessage> = rpc.method;
  const show = (message: MessageShape<DescMessage>) =>
    context.print.line(method.output, message, `${method.name} ${entry.key}: done`);
  try {
    await settle(keyedContext(context), { method, owned, show });
    return exitCode.done;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    context.print.note(`${method.name} ${entry.key}: ${describeFailure(error)}`);
    const codes = { refused: exitCode.refused, 'not-signed-in': exitCode.notSignedIn, 'no-answer': exitCode.noAnswer };
    return codes[error.kind];
  }
}

async function forget({ journal, print }: CommandContext, key: string): Promise<ExitCode> {
  const found = journal.list().abandoned.filter((entry) => entry.key === key);
  if (found.length === 0) throw new UsageError(`no call under key ${key} is without an answer`);
  for (const entry of found) journal.claim(entry)?.close();
  print.plain({ forgotten: key }, `forgot ${key}`);
  return exitCode.done;
}
