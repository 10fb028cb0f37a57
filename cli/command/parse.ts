import { parseArgs } from 'node:util';
import { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { type ArgumentSpec, type Command, globalOptions, type OptionSpec } from './command.ts';

/** A command line: a command with its input, or the help that it asks for (of all commands, when none is named). */
export type CommandLine = { command: Command; input: Input; isHelp: boolean } | { command: undefined; isHelp: true };

/** Reads a command line. Throws UsageError, which says what is not understood. */
export function parseCommandLine(args: readonly string[], commands: readonly Command[]): CommandLine {
  const { words, start, end } = findCommandWords(args, commands);
  const command = commands.find(({ name }) => name === words);
  if (command === undefined) return readWithoutCommand(args, start);
  const { values, positionals } = parse([...args.slice(0, start), ...args.slice(end)], command);
  const input = new Input(positionals, values);
  if (input.flag('help')) return { command, input, isHelp: true };
  checkCount(command, positionals);
  checkChoices(command, input);
  return { command, input, isHelp: false };
}

/** The longest name of a command that the words after the first options make. Two words at most. */
function findCommandWords(args: readonly string[], commands: readonly Command[]) {
  const start = firstWord(args);
  for (const length of [2, 1]) {
    const words = args.slice(start, start + length).join(' ');
    if (commands.some(({ name }) => name === words)) return { words, start, end: start + length };
  }
  return { words: '', start, end: start };
}

function firstWord(args: readonly string[]): number {
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-')) return index;
    if (globalOptions.some(({ name, value }) => value !== undefined && arg === `--${name}`)) index += 1;
  }
  return index;
}

function readWithoutCommand(args: readonly string[], start: number): CommandLine {
  const word = args[start];
  if (word !== undefined && word !== 'help') throw new UsageError(`there is no command '${word}'`);
  return { command: undefined, isHelp: true };
}

function parse(args: string[], { name, options = [] }: Command) {
  try {
    const specs = [...globalOptions, ...options];
    return parseArgs({ args, allowPositionals: true, options: Object.fromEntries(specs.map(toParseOption)) });
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${name}: ${first.charAt(0).toLowerCase()}${first.slice(1)}`);
  }
}

function toParseOption({ name, value }: OptionSpec) {
  return [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }] as const;
}

function checkCount({ name, arguments: specs = [] }: Command, positionals: readonly string[]): void {
  const missing = specs.find((spec, index) => isNeeded(spec) && positionals[index] === undefined);
  if (missing !== undefined) throw new UsageError(`${name} needs ${missing.name}`);
  const isOpen = specs.some(({ count }) => count === 'many' || count === 'any');
  if (!isOpen && positionals.length > specs.length) {
    throw new UsageError(`${name} takes no '${positionals[specs.length]}'`);
  }
}

function isNeeded({ count = 'one' }: ArgumentSpec): boolean {
  return count === 'one' || count === 'many';
}

function checkChoices({ name, arguments: specs = [], options = [] }: Command, input: Input): void {
  const given = [
    ...options.map((option) => ({ choices: option.choices, text: input.text(option.name), what: `--${option.name}` })),
    ...specs.map((spec, index) => ({ choices: spec.choices, text: input.positionals[index], what: spec.name })),
  ];
  for (const { choices, text, what } of given) {
    if (choices === undefined || text === undefined || choices.includes(text)) continue;
    throw new UsageError(`${name}: ${what} is one of ${choices.join(', ')}, not '${text}'`);
  }
}
