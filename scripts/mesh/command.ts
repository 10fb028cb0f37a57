import { spawn } from 'node:child_process';
import { projectDirectory } from '../tool.ts';

/** A command that ended with another exit code than 0; the message has the end of its output. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * The one line that a command prints of an error that its user can do something about: a CommandError, a value out of its range, or a flag
 * that there is not. Throws every other error again.
 */
export function describeFailure(error: unknown): string {
  if (isUsageError(error)) return error.message.split('. To specify')[0] ?? error.message;
  if (error instanceof CommandError || error instanceof RangeError) return error.message;
  throw error;
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** How to run a command. */
export type CommandOptions = {
  /** What it reads from its standard input; default nothing. */
  input?: string;
  /** Shows its output while it runs instead of returning it. */
  live?: boolean;
  /** It is ended after this time; default 10 minutes. */
  timeoutMs?: number;
};

const timeoutDefaultMs = 600_000;
const shownCharactersMax = 2_000;

/** Runs a command in the project's folder and resolves to what it printed. Rejects with CommandError when it fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { input = '', live = false, timeoutMs = timeoutDefaultMs } = options;
  return new Promise((resolve, reject) => {
    const output = live ? 'inherit' : 'pipe';
    const child = spawn(command, args, {
      cwd: projectDirectory,
      stdio: ['pipe', output, output],
      timeout: timeoutMs,
    });
    const printed = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (printed.stdout += String(chunk)));
    child.stderr?.on('data', (chunk) => (printed.stderr += String(chunk)));
    child.once('error', (error) => reject(new CommandError(`${command} could not be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(printed.stdout);
      const ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const said = (printed.stderr || printed.stdout).trim().slice(-shownCharactersMax);
      reject(new CommandError(`${command} ${args.slice(0, 6).join(' ')}: ${ending}\n${said}`));
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs kubectl against the cluster that KUBECONFIG names. */
export function kubectl(args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return runCommand('kubectl', args, options);
}
