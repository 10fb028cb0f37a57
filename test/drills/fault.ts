/** Faults of the catalogue, as data. Those of a process, a connection, the disk, a clock and the bus are carried out by `test/chaos`. */
import type { FindingCode } from '../../scripts/doctor/index.ts';

/**
 * freeze    processes are stopped, and go on at the end
 * kill      processes are killed again and again, so that none is ready
 * stutter   a process is stopped and let go on in turns, as one that computes for long or has no processor
 * stall     connections pass nothing
 * delay     each chunk of connections comes later
 * fill      the disk of PostgreSQL is full
 * clock     the clock of processes is off
 * redeliver events of the bus come again
 * lock      a session holds a lock, as one that was forgotten
 * change    rows are changed by statements, and back at the end by `undo`
 */
export type DrillFault =
  | { kind: 'freeze'; victims: readonly Victims[] }
  | { kind: 'kill'; victims: readonly Victims[] }
  | { kind: 'stutter'; victim: Victims; stoppedMs: number; runningMs: number }
  | { kind: 'stall'; links: readonly string[] }
  | { kind: 'delay'; links: readonly string[]; amountMs: number }
  | { kind: 'fill' }
  | { kind: 'clock'; victims: readonly Victims[]; aheadMs: number }
  | { kind: 'redeliver' }
  | { kind: 'lock'; store: string; statement: string }
  | {
      kind: 'change';
      store: string;
      statements: readonly string[];
      undo: readonly string[];
      thenKill?: readonly Victims[];
    };

/** A replica as `order-0`, all of a service as `gateway-*`, `postgres`, or the process that serves shard 0: `leader`. */
export type Victims = string;

/** A fault that runs here. */
export type LocalDrill = {
  name: string;
  /** What goes wrong, for a person. */
  title: string;
  fault: DrillFault;
  /** Alerts that must fire; empty: what happens is no reason to call a person, and no alert of `page` may fire. */
  alerts: readonly string[];
  /** Within this time of the fault, in s. */
  withinSeconds: number;
  /** Alerts that may fire beside them, as they follow from the same fault. */
  also: readonly string[];
  /** What the doctor says of it; undefined: it is over before it could be seen. */
  finding: { code: FindingCode; subject: RegExp } | undefined;
  /**
   * What holds afterwards. `accounted-for`: nothing that was acknowledged is lost, nothing happened twice, and the audit is clean.
   * `named`: the audit is not clean, and names rows. `halted`: what follows the lost history has halted, and applies none of the other.
   */
  invariant: 'accounted-for' | 'named' | 'halted';
  /** Whether it needs root on Linux, for a small disk. */
  disk?: true;
};

/** A fault that needs a cluster, and the test that rehearses it there. */
export type MeshDrill = { name: string; title: string; meshTest: string; runbook: string };
