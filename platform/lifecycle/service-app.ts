/** The process around a service: its configuration, logs and metrics, and the order in which it ends. */
import { setPriority } from 'node:os';
import { type Clock, fixedClock, openClock } from '#platform/clock/clock.ts';
import type { BaseConfig } from '#platform/config/base.ts';
import type { HealthState } from '#platform/rpc/health.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { markAllCalls } from '#platform/telemetry/carried-baggage.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { within } from '#platform/time/within.ts';
import { fixedRole, openRole, type Role } from './role.ts';

/** The process around a service. */
export type ServiceApp = {
  name: string;
  config: BaseConfig;
  logger: Logger;
  metrics: Metrics;
  health: HealthState;
  /** The market's time. */
  clock: Clock;
  /** Whether it may do what exists once; see inRole. */
  role: Role;
  /** Aborts at the drain: followers, leases and sweepers stop. */
  signal: AbortSignal;
  /** Runs at the drain, all at once, before anything is disposed: stop taking calls and finish those in progress. */
  onDrain(drain: (graceMs: number) => Promise<void>): void;
  /** Disposed when the process ends, the last one first. */
  onDispose(resource: AsyncDisposable): void;
  /** From here on the process says SERVING. */
  ready(): void;
};

/** A ServiceApp with the means to end it. */
export type OwnedApp = ServiceApp & { shutdown(): Promise<{ clean: boolean }> };

const drainGraceMs = 10_000;
const disposeTimeoutMs = 5_000;
// What all resources have together. One that comes after the time is up still gets a moment: most need no more.
const disposeAllMs = 20_000;
const disposeMomentMs = 100;

/** How long a shutdown lasts at most, in ms, but for 0.1 s for each resource after ones that hung. Kubernetes must wait at least as long. */
export const shutdownMsMax = drainGraceMs + disposeTimeoutMs + disposeAllMs;

/** An app that is not ready. `shutdown` drains and disposes it in order; a step that fails or hangs is logged and passed over. */
export function createServiceApp(parts: { config: BaseConfig; logger: Logger; metrics: Metrics }): OwnedApp {
  const { config, logger, metrics } = parts;
  const health = createHealthState();
  const clock = config.clockFile === '' ? fixedClock() : openClock(config.clockFile, { logger });
  const role = config.roleFile === '' ? fixedRole() : openRole(config.roleFile, { logger, service: config.service });
  measureRole(metrics, role);
  if (role.isMirror) markAllCalls();
  const stop = new AbortController();
  const drains: ((graceMs: number) => Promise<void>)[] = [];
  const resources: AsyncDisposable[] = [];
  let ended: Promise<{ clean: boolean }> | undefined;

  const step = async (name: string, timeoutMs: number, work: () => PromiseLike<void>): Promise<boolean> => {
    try {
      await within(timeoutMs, work());
      return true;
    } catch (error) {
      logger.error({ error, step: name }, 'a step of the shutdown failed');
      return false;
    }
  };
  const shutdown = async () => {
    health.drain();
    stop.abort();
    const results = await Promise.all(
      drains.map((drain) => step('drain', drainGraceMs + disposeTimeoutMs, () => drain(drainGraceMs))),
    );
    const disposeEndMs = performance.now() + disposeAllMs;
    for (const resource of resources.reverse()) {
      const leftMs = Math.max(disposeMomentMs, disposeEndMs - performance.now());
      const timeoutMs = Math.min(disposeTimeoutMs + drainGraceMs, leftMs);
      results.push(await step('dispose', timeoutMs, () => resource[Symbol.asyncDispose]()));
    }
    clock[Symbol.dispose]();
    role[Symbol.dispose]();
    return { clean: results.every(Boolean) };
  };

  return {
    name: config.service,
    config,
    logger,
    metrics,
    health,
    clock,
    role,
    signal: stop.signal,
    onDrain: (drain) => void drains.push(drain),
    onDispose: (resource) => void resources.push(resource),
    ready() {
      // Not before: what others wait for at the start comes first.
      if (config.niceness > 0) setPriority(config.niceness);
      health.setReady(true);
      logger.info('ready');
    },
    shutdown() {
      ended ??= shutdown();
      return ended;
    },
  };
}

function measureRole(metrics: Metrics, role: Role): void {
  metrics.gauge({
    name: 'outcry_process_promoted',
    help: '1 while this process may take roles that exist once, 0 while it is a canary.',
    collect: (gauge) => gauge.set(role.isPromoted() ? 1 : 0),
  });
}
