import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

const ownerText = /^(\d{1,10})-(\w{1,16})$/;
const statStartTime = 19;

/** Names this process as part of a file name: its pid, which may be reused, and when it started, which then differs. */
export function ownProcess(): string {
  return ownerOf(process.pid) ?? `${process.pid}-unknown`;
}

/** Whether the process that `ownProcess` named still runs. */
export function isOwnerRunning(owner: string): boolean {
  const [, pid, startTime] = ownerText.exec(owner) ?? [];
  if (pid === undefined) return false;
  if (startTime === 'unknown') return Number(pid) === process.pid;
  return ownerOf(Number(pid)) === owner;
}

function ownerOf(pid: number): string | undefined {
  const startTime = existsSync('/proc/self/stat') ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : `${pid}-${startTime}`;
}

// The second field, the command's name, may hold spaces and brackets: fields are counted from the last bracket.
function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /[ZX]/.test(fields[0] ?? '') ? undefined : fields[statStartTime];
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' ? undefined : createHash('sha256').update(text).digest('hex').slice(0, 12);
  } catch {
    return undefined;
  }
}
