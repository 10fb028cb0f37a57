import type { Output } from './output.ts';

/**
 * A failure that is shown at the terminal in one clear line, with details below it where they help.
 * `exitCode` is what the command ends with: 2 for a wrong command line, 1 for everything else.
 */
export class StartError extends Error {
  readonly exitCode: number;
  readonly details: readonly string[];

  constructor(message: string, options: { exitCode?: number; details?: readonly string[] } = {}) {
    super(message);
    this.name = 'StartError';
    this.exitCode = options.exitCode ?? 1;
    this.details = options.details ?? [];
  }
}

const diskReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOTDIR: 'a part of the path is not a folder',
};

/** Turns an error of the file system into a clear line about `path`; every other error is returned as it is. */
export function explainDiskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = diskReasons[code];
  return reason === undefined ? error : new StartError(`cannot write ${path}: ${reason} (${code})`);
}

/**
 * Shows why it failed: one line, and details indented below it.
 *
 * @returns the exit code that goes with the error
 */
export function reportFailure(error: unknown, output: Output): number {
  const path = error instanceof Error && 'path' in error ? String(error.path) : 'the data folder';
  const explained = explainDiskError(error, path);
  if (!(explained instanceof StartError)) {
    output.error(`outcry: ${explained instanceof Error ? (explained.stack ?? explained.message) : String(explained)}`);
    return 1;
  }
  output.error(`outcry: ${explained.message}`);
  for (const line of explained.details) output.error(`  ${line}`);
  return explained.exitCode;
}
