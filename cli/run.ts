/** Runs one command line: the composition of everything. */

import { CallFailure, describeFailure } from './call/call-failure.ts';
import { createCaller } from './call/caller.ts';
import { createGatewayTransport } from './call/transport.ts';
import type { CommandContext } from './command/command.ts';
import { type ExitCode, exitCode } from './command/exit-code.ts';
import { describeCommand, describeCommands } from './command/help.ts';
import { parseCommandLine } from './command/parse.ts';
import { commands } from './commands/catalogue.ts';
import { type Input, readWhole } from './input/input.ts';
import { UsageError } from './input/usage-error.ts';
import { createJournal } from './journal/journal.ts';
import { printable, printableJson } from './output/printable.ts';
import { createPrinter } from './output/printer.ts';
import { createApi } from './session/api.ts';
import { createSession } from './session/session.ts';
import { stateDirectory } from './state/state-directory.ts';

/** What the program has of the process around it. */
export type Surroundings = {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  writeOut(text: string): void;
  writeError(text: string): void;
  readSecret(question: string): Promise<string>;
  signal: AbortSignal;
};

const defaultUrl = 'http://localhost:8080';
const secondsDefault = '30';
const secondsMax = 600;

/** Runs a command line and resolves to its exit code. Never rejects. */
export async function runCommandLine(around: Surroundings): Promise<ExitCode> {
  const { args, writeOut, writeError } = around;
  const isJson = args.includes('--json');
  try {
    const line = parseCommandLine(args, commands);
    if (line.isHelp) {
      writeOut(`${line.command === undefined ? describeCommands(commands) : describeCommand(line.command)}\n`);
      return exitCode.done;
    }
    return (await line.command.run(createContext(around, line.input), line.input)) ?? exitCode.done;
  } catch (error) {
    writeError(`${isJson ? printableJson(errorFields(error)) : `outcry: ${printable(errorText(error))}`}\n`);
    if (error instanceof UsageError && !isJson) writeError('outcry: `outcry --help` says how to call it\n');
    return codeOf(error);
  }
}

function createContext(around: Surroundings, input: Input): CommandContext {
  const { env, writeOut, writeError, readSecret, signal } = around;
  const gateway = readUrl(input.text('url') ?? env.OUTCRY_URL ?? defaultUrl);
  const seconds = input.text('timeout') ?? env.OUTCRY_TIMEOUT ?? secondsDefault;
  const timeoutMs = readWhole(seconds, { name: '--timeout', min: 1, max: secondsMax }) * 1_000;
  const directory = stateDirectory(env);
  const caller = createCaller(createGatewayTransport(gateway), timeoutMs);
  const session = createSession({
    caller,
    url: gateway,
    stateDirectory: directory,
    profile: readProfile(input.text('profile') ?? env.OUTCRY_PROFILE ?? ''),
    apiKey: env.OUTCRY_API_KEY ?? '',
  });
  return {
    api: createApi(caller, session, timeoutMs),
    session,
    journal: createJournal(directory),
    gateway,
    print: createPrinter({ isJson: input.flag('json'), isCsv: input.flag('csv'), writeOut, writeError }),
    readSecret,
    signal,
  };
}

function readProfile(text: string): string {
  if (/^[A-Za-z0-9._-]{0,32}$/.test(text)) return text;
  throw new UsageError(`a profile has at most 32 characters of A-Za-z0-9._-, not '${text}'`);
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UsageError(`'${text}' is not a gateway's URL`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCode.usage;
  if (!(error instanceof CallFailure)) return exitCode.failed;
  const codes = { refused: exitCode.refused, 'not-signed-in': exitCode.notSignedIn, 'no-answer': exitCode.noAnswer };
  return codes[error.kind];
}

function errorText(error: unknown): string {
  if (error instanceof CallFailure) return describeFailure(error);
  return error instanceof Error ? error.message : String(error);
}

function errorFields(error: unknown): object {
  const exit = codeOf(error);
  if (!(error instanceof CallFailure)) return { error: { exit, message: errorText(error) } };
  const { kind, code, reason, message, numbers, violations } = error;
  const fields = violations.map(({ field, description }) => ({ field, description }));
  return { error: { exit, kind, code, reason, message, numbers, fields } };
}
