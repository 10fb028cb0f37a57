/** The player of a tape beside a running system: a process of `scripts/tape`, which uses the public contracts like anyone. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectDirectory } from '../project-directory.ts';
import type { ClockFlags } from '../terminal/clock-flags.ts';
import { StartError } from '../terminal/start-error.ts';
import type { TapeFlags } from '../terminal/tape-flags.ts';

const program = join(projectDirectory, 'scripts', 'tape', 'main.ts');

/**
 * The clock that a tape needs: it stands still at the begin of the tape, or within the tape where an earlier player left it.
 *
 * @throws StartError with what is wrong with the file
 */
export function clockOfTape({ path, fromMs }: TapeFlags): ClockFlags {
  try {
    const shown = execFileSync(process.execPath, [program, 'show', path], { encoding: 'utf8', stdio: 'pipe' });
    const { from, to } = JSON.parse(shown) as { from: string; to: string };
    return { isMachine: false, timeMs: fromMs ?? Date.parse(from), untilMs: Date.parse(to), speed: 0 };
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new StartError(stderr?.trim().split('\n')[0] || String(error), { exitCode: 2 });
  }
}

/** Plays a tape through the system of a data folder, with the keys and the output of this terminal, until it ends or the signal aborts. */
export function playTape(
  { path, speed, beatMs, fromMs }: TapeFlags,
  { dataDirectory, signal }: { dataDirectory: string; signal: AbortSignal },
): void {
  const from = fromMs === undefined ? [] : ['--from', new Date(fromMs).toISOString()];
  const beat = beatMs === undefined ? [] : ['--beat', String(beatMs)];
  const args = [program, 'play', path, '--data', dataDirectory, '--speed', speed, ...beat, ...from];
  const player = spawn(process.execPath, args, { stdio: 'inherit' });
  // It says itself what went wrong; the system runs on.
  player.once('error', () => {});
  signal.addEventListener('abort', () => player.kill('SIGTERM'), { once: true });
}
