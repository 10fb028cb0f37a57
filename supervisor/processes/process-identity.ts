import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Names exactly one process: pids are used again, a pid with its start time is not. */
export type ProcessIdentity = {
  pid: number;
  /** When the kernel started it: clock ticks since boot on Linux, a date as `ps` prints it elsewhere. */
  startTime: string;
};

const statState = 0;
const statThreads = 17;
const statStartTime = 19;

/** Identity of a running process; undefined when there is none with that pid, or only a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startTime = existsSync('/proc/self/stat') ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to exactly this process; one that has ended is left alone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

// The second field, the command's name, may hold spaces and brackets: fields are counted from the last bracket.
function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Its first thread may be a zombie while others are still on their way out, with the ports that they share.
    const hasEnded = /[ZX]/.test(fields[statState] ?? '') && Number(fields[statThreads]) <= 1;
    return hasEnded ? undefined : fields[statStartTime];
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
