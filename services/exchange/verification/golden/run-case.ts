import { ruleVersion } from '../../engine/engine.ts';
import { Reason } from '../../engine/model/codes.ts';
import type { Command, Outcome } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import type { CaseStep, GoldenCase } from './case-file.ts';
import { CaseNames, caseStartMs } from './case-names.ts';
import { defaultListing, parseCommand } from './command-line.ts';
import { formatEvent } from './event-line.ts';
import { LineWords } from './line-words.ts';

/** The result of a command. */
export type GoldenStep = { outcome: Outcome; events: readonly EngineEvent[] };

/** An engine that carries out one command at a time, at a journalled time in Unix milliseconds. */
export type GoldenRunner = { run(command: Command, timeMs: number): GoldenStep };

/** Runs a case, in ACME of `defaultListing` unless it lists books itself. Returns its events as lines of the case file. */
export function runCase(golden: GoldenCase, runner: GoldenRunner): string[] {
  const names = new CaseNames();
  runner.run({ kind: 'rules', version: ruleVersion }, names.nowMs);
  if (!golden.steps[0]?.command.startsWith('list ')) runner.run({ kind: 'list', listing: defaultListing }, names.nowMs);
  return golden.steps.flatMap((step) => [...commandLines(step), ...runStep(step, runner, names)]);
}

/** The lines of a case as written. */
export function expectedLines(golden: GoldenCase): string[] {
  return golden.steps.flatMap((step) => [...commandLines(step), ...step.expected]);
}

function commandLines({ command, orders }: CaseStep): string[] {
  return [`> ${command}`, ...orders.map((line) => `>> ${line}`)];
}

function runStep(step: CaseStep, runner: GoldenRunner, names: CaseNames): string[] {
  const words = new LineWords(step.command);
  if (words.next() === 'at') {
    names.nowMs = caseStartMs + words.nextMs();
    return [];
  }
  const command = parseCommand(step, names);
  const orders = command.kind === 'submitList' ? command.orders : command.kind === 'submit' ? [command] : [];
  for (const order of orders) names.submitted(order);
  const result = runner.run(command, names.nowMs);
  for (const event of result.events) names.observe(event);
  const lines = [...result.events.map((event) => formatEvent(event, command, names)), ...answerLines(command, result)];
  // The numbers of an answer are checked only if the case has them.
  return step.expected.some((line) => line.startsWith('answer ')) ? [...lines, numbersLine(result)] : lines;
}

function numbersLine({ outcome: { tradedLots, restingLots, revision } }: GoldenStep): string {
  return `answer traded ${tradedLots} open ${restingLots} rev ${revision}`;
}

/** The answer, if the events do not show it or contradict it. */
function answerLines(command: Command, { outcome, events }: GoldenStep): string[] {
  const { accepted, reason, cancelledCount } = outcome;
  const isRejected = events.some(({ kind }) => kind === 'rejected' || kind === 'commandRejected');
  if (!accepted && !isRejected) return [`refused ${Object.entries(Reason).find(([, code]) => code === reason)?.[0]}`];
  if (accepted === isRejected) return [`answered ${accepted ? 'accepted' : 'refused'}`];
  const counts = command.kind === 'cancelAll' || command.kind === 'setState' || command.kind === 'split';
  const cancelled = events.filter(({ kind }) => kind === 'cancelled').length;
  if (!counts || events.length === 0 || cancelledCount === cancelled) return [];
  return [`counted ${cancelledCount}`];
}
