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

const fileBytesMax = 8 * 1024 * 1024;
const tailLinesMax = 20;
const lineLengthMax = 16_384;

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
  const bytesMax = options.bytesMax ?? fileBytesMax;
  const lines: string[] = [];
  let unfinished = '';
  let file = rotate(path);
  let bytesWritten = 0;
  let failed = false;

  const append = (chunk: Buffer): void => {
    try {
      if (bytesWritten + chunk.length > bytesMax) {
        const full = file;
        file = rotate(path);
        closeSync(full);
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
      unfinished = (parts.pop() ?? '').slice(0, lineLengthMax);
      for (const part of parts) {
        const line = part.slice(0, lineLengthMax);
        lines.push(line);
        if (lines.length > tailLinesMax) lines.shift();
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
