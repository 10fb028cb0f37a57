/**
 * Golden cases as text. A case is a title, commands, and under each command all events that it leads to, in order; no line under a
 * command: accepted without an event.
 *
 *     # R2: the maker's price
 *     > new s1 sue sell 10@101        a command; its words are those of `command-line.ts`
 *     accepted s1                     an event; its words are those of `event-line.ts`
 *     ask 101 = 10 x 1
 *     answer traded 0 open 10 rev 1   numbers of the answer, after the events; checked only if they are there
 *     memory 2 3 9 9                  bounds of the memory, before the first command: known, marked, commands, commands of operators
 *     at 5s                           journalled time from here on, from the case's start
 *     -- why                          a remark; empty lines are ignored
 */
import type { MemoryLimits } from '../../engine/state/engine-state.ts';

/** A command of a case: its words and those of a list's orders (`>>`), and the lines that are expected. */
export type CaseStep = {
  /** Line of the file, from 1. */
  line: number;
  command: string;
  /** Orders of a list. */
  orders: readonly string[];
  expected: readonly string[];
};

/** One case: its title, and its commands and changes of time (`at`). */
export type GoldenCase = { title: string; line: number; limits: MemoryLimits | undefined; steps: readonly CaseStep[] };

type Draft = Omit<GoldenCase, 'steps'> & { steps: (CaseStep & { orders: string[]; expected: string[] })[] };

/** Parses a file of cases. Throws with the line's number for an unexpected line. */
export function parseCases(text: string): GoldenCase[] {
  const cases: Draft[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.trim();
    if (words !== '' && !words.startsWith('--')) readLine(cases, words, index + 1);
  }
  return cases;
}

function readLine(cases: Draft[], words: string, line: number): void {
  if (words.startsWith('# ')) {
    cases.push({ title: words.slice(2), line, limits: undefined, steps: [] });
    return;
  }
  const current = cases.at(-1);
  if (!current) throw new Error(`line ${line}: no case has begun`);
  const step = current.steps.at(-1);
  if (words.startsWith('memory ') && !step) current.limits = readLimits(words);
  else if (words.startsWith('>> ') && step) step.orders.push(words.slice(3).trim());
  else if (words.startsWith('> '))
    current.steps.push({ line, command: words.slice(2).trim(), orders: [], expected: [] });
  else if (words.startsWith('at ')) current.steps.push({ line, command: words, orders: [], expected: [] });
  else if (step && !step.command.startsWith('at ')) step.expected.push(words);
  else throw new Error(`line ${line}: an event without a command`);
}

function readLimits(words: string): MemoryLimits {
  const [knownMax = 0, markedMax = 0, commandsMax = 0, operatorCommandsMax = 0] = words.split(' ').slice(1).map(Number);
  return { knownMax, markedMax, commandsMax, operatorCommandsMax };
}
