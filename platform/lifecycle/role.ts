/**
 * Whether a process may do what exists once: hold leases, follow feeds that it writes, consume events, run periodic jobs and migrate. A canary
 * may not until it is promoted (docs/adr/0042-canaries-and-their-roles.md); its RPCs it serves all the time. A mirror never may, and every call that
 * it gets is a copy.
 */
import { readFileSync } from 'node:fs';
import { ConfigError } from '#platform/config/env.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startInterval } from '#platform/time/timer.ts';

/** The role of a process. */
export type Role = {
  isPromoted(): boolean;
  /** Whether it may change while the process lives. */
  readonly isSwitched: boolean;
  /** Whether nothing but copies of calls is sent to the process; that never changes. */
  readonly isMirror: boolean;
  /**
   * Resolves once the process is promoted, to a signal that aborts when it no longer is or when `signal` aborts. Resolves to undefined when
   * `signal` aborts before.
   */
  promotion(signal: AbortSignal): Promise<AbortSignal | undefined>;
  [Symbol.dispose](): void;
};

/** How often the file is looked at, in ms: a change is noticed within that. */
export const roleLookEveryMs = 500;

/** The role of a process that was started without a file: promoted for as long as it lives. */
export function fixedRole(): Role {
  return {
    isPromoted: () => true,
    isSwitched: false,
    isMirror: false,
    promotion: async (signal) => (signal.aborted ? undefined : signal),
    [Symbol.dispose]: () => {},
  };
}

/**
 * The role that a file names: `stable` is promoted, `canary` and `mirror` are not; or by the name of a Deployment as Flagger has them, SERVICE-primary
 * and SERVICE. Looked at every 500 ms. Throws ConfigError when the file names no role; one that
 * names none later leaves the role as it is.
 */
export function openRole(path: string, { logger, service }: { logger: Logger; service: string }): Role {
  const first = readRole(path, service);
  const isMirror = first === 'mirror';
  let isPromoted = first === 'stable';
  let demotion = new AbortController();
  let changed = Promise.withResolvers<void>();
  logger.info({ promoted: isPromoted }, 'the role of the process');
  const set = (value: boolean) => {
    if (value === isPromoted) return;
    isPromoted = value;
    logger.info({ promoted: isPromoted }, 'the role of the process has changed');
    if (isPromoted) demotion = new AbortController();
    else demotion.abort();
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const timer = startInterval(roleLookEveryMs, () => {
    try {
      set(!isMirror && readRole(path, service) === 'stable');
    } catch (error) {
      logger.warn({ error, path }, 'the role could not be read and stays as it is');
    }
  }).unref();
  return {
    isPromoted: () => isPromoted,
    isSwitched: true,
    isMirror,
    async promotion(signal) {
      const aborted = abortOf(signal);
      while (!isPromoted && !signal.aborted) await Promise.race([changed.promise, aborted]);
      return signal.aborted ? undefined : AbortSignal.any([demotion.signal, signal]);
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}

/** Resolves when the signal aborts. */
export function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function readRole(path: string, service: string): 'stable' | 'canary' | 'mirror' {
  const problem = `OUTCRY_ROLE_FILE: ${path} has none of the words stable, canary, mirror, ${service}-primary, ${service}`;
  try {
    const word = readFileSync(path, 'utf8').trim();
    if (word === 'stable' || word === `${service}-primary`) return 'stable';
    if (word === 'canary' || word === service) return 'canary';
    if (word === 'mirror') return word;
  } catch (error) {
    throw new ConfigError([`${problem}: ${error}`]);
  }
  throw new ConfigError([problem]);
}
