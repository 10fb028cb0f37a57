import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that runs; `ended` resolves when it has ended, or could not be started. */
export type LoggedProcess = { process: ChildProcess; ended: Promise<void>; lastLines: () => string[] };

const lastLinesMax = 20;

/** Starts a program; each line that it prints goes to `onLog`, and the last 20 are at hand. */
export function spawnLogged(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  onLog: ((line: string) => void) | undefined,
): LoggedProcess {
  // In a group of its own: a Ctrl-C in the terminal is for those who started it.
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > lastLinesMax) lines.shift();
      onLog?.(line);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return { process: child, ended, lastLines: () => lines };
}
