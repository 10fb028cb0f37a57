import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { type Database, openDatabase } from '#platform/postgres/database.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';

const patience = { timeoutMs: 45_000 };
let system: RunningSystem;
let directory: string;
let second: ChildProcess | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outcry-canary-'));
  system = await startSystem({ flags: ['--no-simulator'] });
}, 120_000);
afterAll(async () => {
  second?.kill('SIGKILL');
  await system?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}, 90_000);

type SecondRole = 'stable' | 'canary' | 'mirror';

/** Switches the role of the second process, which notices it without a restart. */
async function setRole(role: SecondRole): Promise<void> {
  await writeFile(join(directory, 'role.new'), role);
  await rename(join(directory, 'role.new'), join(directory, 'role'));
}

/** Starts a second process of a service in the environment of the first, in a role; resolves to its port once it is ready. */
async function startSecond(pid: number, main: string, role: SecondRole): Promise<number> {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const env = Object.fromEntries(variables.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
  const own = { OUTCRY_PORT: '0', OUTCRY_ADMIN_PORT: '0', OUTCRY_ROLE_FILE: join(directory, 'role') };
  await setRole(role);
  second = spawn(process.execPath, [main], { env: { ...env, ...own }, stdio: ['ignore', 'pipe', 'inherit'] });
  let port = 0;
  for await (const line of createInterface({ input: second.stdout as NodeJS.ReadableStream })) {
    const entry = JSON.parse(line) as { msg: string; port?: number };
    port = entry.msg === 'listening' ? (entry.port ?? 0) : port;
    if (entry.msg === 'ready') break;
  }
  second.stdout?.resume();
  return port;
}

/** The process of a service that the system has started. */
function stableOf(service: string, context: TestContext) {
  requireOrSkip(context, process.platform === 'linux', 'the environment of a process is read from /proc');
  const found = system.run().processes.find(({ name }) => name === service);
  if (found === undefined) throw new Error(`no ${service} runs`);
  return found;
}

type LeaseRow = { holder: string; token: bigint; is_held: boolean };

async function readLease(db: Database): Promise<LeaseRow | undefined> {
  const { rows } = await db.query<LeaseRow>(
    `SELECT holder, token, expire_time > clock_timestamp() AS is_held FROM platform.lease WHERE name = 'feed.ledger'`,
  );
  return rows[0];
}

it('a canary answers, takes a role once it is promoted, and gives it up when it is demoted', {
  timeout: 240_000,
}, async (context) => {
  const stable = stableOf('portfolio', context);
  const investor = await registerInvestor(createTestClient('connect', system.gatewayUrl), '250.00');
  const port = await startSecond(stable.pid, 'services/portfolio/main.ts', 'canary');
  const urlOf = () => /(?:^|\0)DATABASE_URL=([^\0]*)/.exec(readFileSync(`/proc/${stable.pid}/environ`, 'utf8'))?.[1];
  await using db = openDatabase({ url: urlOf() ?? '', applicationName: 'test', logger: silentLogger });
  await using client = createRpcClient(PortfolioService, {
    address: `ipv4:127.0.0.1:${port}`,
    serviceToken: undefined,
  });
  const answers = () => client.getPortfolio({}, { userToken: investor.token });
  expect((await answers()).portfolio).toBeDefined();

  const first = await eventually(async () => {
    const lease = await readLease(db);
    expect(lease?.is_held).toBe(true);
    return lease;
  }, patience);
  process.kill(stable.pid, 'SIGSTOP');
  let taken: LeaseRow | undefined;
  try {
    // The lease is free, and stays so for several of the times at which a process that wants it asks.
    for (let looks = 0; looks < 3; looks += 1) {
      await eventually(async () => {
        const { rows } = await db.query<{ free: boolean }>(
          `SELECT expire_time < clock_timestamp() - $1 * interval '1 second' AS free FROM platform.lease
           WHERE name = 'feed.ledger'`,
          [2 * (looks + 1)],
        );
        expect(rows[0]?.free).toBe(true);
      }, patience);
      expect(await readLease(db)).toMatchObject({ holder: first?.holder, token: first?.token });
      expect((await answers()).portfolio).toBeDefined();
    }
    await setRole('stable');
    taken = await eventually(async () => {
      const lease = await readLease(db);
      expect(lease).toMatchObject({ is_held: true });
      expect(lease?.holder).not.toBe(first?.holder);
      return lease;
    }, patience);
    expect(taken?.token).toBeGreaterThan(first?.token ?? 0n);
  } finally {
    process.kill(stable.pid, 'SIGCONT');
  }

  await setRole('canary');
  await eventually(async () => {
    const lease = await readLease(db);
    expect(lease).toMatchObject({ holder: first?.holder, is_held: true });
    // By one or more: on a machine that stands still a lease lapses, and its holder takes it anew.
    expect(lease?.token).toBeGreaterThan(taken?.token ?? 0n);
  }, patience);
  expect((await answers()).portfolio).toBeDefined();
  second?.kill('SIGTERM');
  expect(await once(second as ChildProcess, 'exit')).toEqual([0, null]);
});

it('a mirror answers what changes nothing, and refuses all else, also under a key that is known', {
  timeout: 120_000,
}, async (context) => {
  const stable = stableOf('ledger', context);
  const investor = await registerInvestor(createTestClient('connect', system.gatewayUrl), '250.00');
  const deposit = { idempotencyKey: randomUUID(), amount: '1.00' };
  await investor.call('LedgerService/Deposit', deposit);
  const port = await startSecond(stable.pid, 'services/ledger/main.ts', 'mirror');
  await using client = createRpcClient(LedgerService, { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined });
  const { token: userToken } = investor;
  const total = async () => (await client.getBalances({}, { userToken })).cash?.total;
  await eventually(async () => expect(await total()).toBe('251.00'), patience);
  for (const request of [deposit, { ...deposit, idempotencyKey: randomUUID() }]) {
    await expect(client.deposit(request, { userToken })).rejects.toMatchObject({ reason: ErrorReason.MIRRORED });
  }
  expect(await total()).toBe('251.00');
});
