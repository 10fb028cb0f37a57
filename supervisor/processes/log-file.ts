import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';

/** A child's log: bounded on disk, its last lines in memory. */
export type LogFile = {
  readonly path: string;
  /** Appends a chunk of the child's output. Never throws: a full disk costs log lines, not the system. */
  write(chunk: Buffer): void;
  /** The last lines, oldest first. */
  tail(): string[];
  close(): void;
};

const FILE_BYTES_MAX = 8 * 1024 * 1024;
const TAIL_LINES_MAX = 20;
const LINE_LENGTH_MAX = 16_384;

/**
 * Opens a log. What an earlier start wrote is kept as `<path>.1`, and so is the elder half whenever the file reaches
 * `bytesMax`: on disk there are never more than two of them.
 *
 * @param onLine is called with each whole line, cut at 16,384 characters
 */
export function openLogFile(
  path: string,
  options: { onLine?: (line: string) => void; onWriteError?: (error: unknown) => void; bytesMax?: number } = {},
): LogFile {
  const bytesMax = options.bytesMax ?? FILE_BYTES_MAX;
  const lines: string[] = [];
  let unfinished = '';
  let file = rotate(path);
  let bytesWritten = 0;
  let failed = false;

  const append = (chunk: Buffer): void => {
    try {
      if (bytesWritten + chunk.length > bytesMax) {
        closeSync(file);
        file = rotate(path);
        bytesWritten = 0;
      }
      bytesWritten += writeSync(file, chunk);
      failed = false;
    } catch (error) {
      if (!failed) options.onWriteError?.(error);
      failed = true;
    }
  };

  return {
    path,
    write(chunk) {
      append(chunk);
      const parts = (unfinished + chunk.toString('utf8')).split('\n');
      unfinished = (parts.pop() ?? '').slice(0, LINE_LENGTH_MAX);
      for (const part of parts) {
        const line = part.slice(0, LINE_LENGTH_MAX);
        lines.push(line);
        if (lines.length > TAIL_LINES_MAX) lines.shift();
        options.onLine?.(line);
      }
    },
    tail: () => (unfinished === '' ? [...lines] : [...lines, unfinished]),
    close: () => closeSync(file),
  };
}

function rotate(path: string): number {
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
