/** What a command is: its words, options and arguments, from which parsing, help and completion all follow. */

import type { Input } from '../input/input.ts';
import type { Journal } from '../journal/journal.ts';
import type { Printer } from '../output/printer.ts';
import type { Api } from '../session/api.ts';
import type { Session } from '../session/session.ts';
import type { ExitCode } from './exit-code.ts';

/** An option, without its dashes. */
export type OptionSpec = {
  name: string;
  /** Placeholder of its value; absent: it takes none. */
  value?: string;
  /** One line for `--help`. */
  help: string;
  /** All values that it takes; absent: any text. */
  choices?: readonly string[];
};

/** An argument in its place. */
export type ArgumentSpec = {
  /** In capitals, for `--help`. */
  name: string;
  help: string;
  /** How many: exactly one, at most one, or one and more. Default one. */
  count?: 'one' | 'optional' | 'many' | 'any';
  choices?: readonly string[];
};

/** What a command works with. */
export type CommandContext = {
  api: Api;
  session: Session;
  journal: Journal;
  /** The gateway's URL. */
  gateway: string;
  print: Printer;
  /** Reads a line that is not shown; the question goes to the terminal. */
  readSecret(question: string): Promise<string>;
  /** Aborts when the reader of the output has gone or the person has interrupted a stream. */
  signal: AbortSignal;
};

/** One command. */
export type Command = {
  /** Its one or two words, e.g. `rules add`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** More for its own help: sentences and examples. */
  details?: string;
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  /** Throws UsageError and CallFailure. Resolves to an exit code, undefined is 0. */
  run(context: CommandContext, input: Input): Promise<ExitCode | undefined> | Promise<void>;
};

/** Options of every command. */
export const globalOptions: readonly OptionSpec[] = [
  { name: 'url', value: 'URL', help: 'the gateway (default OUTCRY_URL, else http://localhost:8080)' },
  { name: 'profile', value: 'NAME', help: 'one of several sessions with this gateway (default OUTCRY_PROFILE)' },
  { name: 'json', help: 'one JSON object a line, fields as in the contracts' },
  { name: 'csv', help: 'lists as comma-separated values, fields as in the contracts' },
  {
    name: 'timeout',
    value: 'SECONDS',
    help: 'how long to try for an answer, 1 to 600 (default OUTCRY_TIMEOUT, else 30)',
  },
  { name: 'help', help: 'how to call it' },
];
