import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { loadSecrets } from '../../supervisor/index.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { redeliverEvents } from '../chaos/faults/redeliver.ts';
import { until, victimOf } from '../chaos/faults/victims.ts';
import { connectStores } from '../chaos/judge/stores.ts';
import type { ChaosSystem } from '../chaos/system/chaos-system.ts';
import type { DrillFault, Victims } from './fault.ts';

/** Ends a fault. */
export type EndFault = () => Promise<void>;

const killPauseMs = 200;
const leaderTimeoutMs = 30_000;

/** Begins a fault. Resolves once it is there, to what ends it. */
export async function beginFault(target: ChaosSystem, fault: DrillFault): Promise<EndFault> {
  switch (fault.kind) {
    case 'freeze': {
      const names = await namesOf(target.system, fault.victims);
      const thaws = names.map((name) => victimOf(target, name).freeze());
      return async () => {
        for (const thaw of thaws) thaw();
      };
    }
    case 'kill':
      return killAgain(target, await namesOf(target.system, fault.victims));
    case 'stutter':
      return stutter(target, fault);
    case 'stall':
    case 'delay':
      return disturb(target, fault);
    case 'fill':
      await target.disk?.fill();
      return async () => target.disk?.empty();
    case 'clock':
      return turnClocks(target, fault);
    case 'redeliver':
      await redeliverEvents(target.system);
      return async () => {};
    case 'lock':
      return holdLock(target.system, fault);
    default:
      return change(target, fault);
  }
}

function disturb({ links }: ChaosSystem, fault: DrillFault & { kind: 'stall' | 'delay' }): EndFault {
  const proxies = [...links.proxies].filter(([name]) => matches(name, fault.links)).map(([, proxy]) => proxy);
  if (proxies.length === 0) throw new Error(`no connection is called ${fault.links.join(', ')}`);
  for (const proxy of proxies) {
    if (fault.kind === 'stall') proxy.freezeAll();
    else proxy.delay(fault.amountMs);
  }
  return async () => {
    for (const proxy of proxies) {
      if (fault.kind === 'stall') proxy.thaw();
      else proxy.delay(0);
    }
  };
}

async function killAgain(target: ChaosSystem, names: readonly string[]): Promise<EndFault> {
  const stopping = new AbortController();
  const kill = async (name: string) => {
    while (!stopping.signal.aborted) {
      const running = target.system
        .run()
        .processes.find(({ name: service, replica }) => `${service}-${replica}` === name);
      if (running !== undefined)
        await victimOf(target, name)
          .end('SIGKILL')
          .catch(() => {});
      await sleep(killPauseMs);
    }
  };
  const running = Promise.all(names.map(kill));
  return async () => {
    stopping.abort();
    await running;
  };
}

async function stutter(target: ChaosSystem, fault: DrillFault & { kind: 'stutter' }): Promise<EndFault> {
  const stopping = new AbortController();
  const victim = victimOf(target, fault.victim);
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const thaw = victim.freeze();
      await sleep(fault.stoppedMs);
      thaw();
      await sleep(fault.runningMs);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function turnClocks(target: ChaosSystem, fault: DrillFault & { kind: 'clock' }): Promise<EndFault> {
  const names = await namesOf(target.system, fault.victims);
  const turn = (clockAheadMs: number) =>
    Promise.all(names.map((name) => target.control.send(name, { clockAheadMs }).catch(() => {})));
  await turn(fault.aheadMs);
  return async () => void (await turn(0));
}

async function holdLock(system: RunningSystem, fault: DrillFault & { kind: 'lock' }): Promise<EndFault> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: system.run().postgres?.port, user: 'postgres' },
    password: loadSecrets(system.dataDirectory).postgresPassword,
    database: `outcry_${fault.store}`,
    application_name: 'drill',
  });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN');
  await client.query(fault.statement);
  return () => client.end();
}

async function change(target: ChaosSystem, fault: DrillFault & { kind: 'change' }): Promise<EndFault> {
  await runStatements(target.system, fault.store, fault.statements);
  for (const name of await namesOf(target.system, fault.thenKill ?? [])) await victimOf(target, name).end('SIGKILL');
  return () => runStatements(target.system, fault.store, fault.undo);
}

async function runStatements(system: RunningSystem, store: string, statements: readonly string[]): Promise<void> {
  await using stores = await connectStores(system, [store]);
  for (const statement of statements) await stores.read(store, statement);
}

async function namesOf(system: RunningSystem, patterns: readonly Victims[]): Promise<string[]> {
  const all = system.run().processes.map(({ name, replica }) => `${name}-${replica}`);
  const found = await Promise.all(
    patterns.map(async (pattern) => {
      if (pattern === 'leader') return [await findLeader(system)];
      return pattern === 'postgres' ? [pattern] : all.filter((name) => matches(name, [pattern]));
    }),
  );
  return found.flat();
}

/** The process that serves shard 0. */
async function findLeader(system: RunningSystem): Promise<string> {
  let leader = '';
  await until('a process serves shard 0', leaderTimeoutMs, async () => {
    for (const { name, replica, adminPort } of system.run().processes.filter(({ name }) => name === 'exchange')) {
      const text = await fetch(`http://127.0.0.1:${adminPort}/metrics`).then((answer) => answer.text());
      if (/^outcry_exchange_serving\{.*shard="0".*\} 1$/m.test(text)) leader = `${name}-${replica}`;
    }
    return leader !== '';
  });
  return leader;
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
