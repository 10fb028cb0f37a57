import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type FaultProxy, startProxyBefore } from '#platform/testing/faults/fault-proxy.ts';
import { bundleCli } from '../../cli/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, logIn, registerInvestor, testPassword } from '../support/investor.ts';

const shared = inject('sharedSystem');
// A third of it is an attempt's time: silence is noticed soon.
const secondsPerCommand = '15';
const lostShare = 0.3;
const lossSeed = 29;

let directory: string;
let program: string;
let proxy: FaultProxy;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-cli-'));
  program = join(directory, 'outcry.mjs');
  await bundleCli(program);
  proxy = await startProxyBefore(shared.gatewayUrl);
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** An environment of its own: a state folder, and the gateway behind the proxy. */
function environment(extra: Record<string, string> = {}) {
  const state = mkdtempSync(join(directory, 'state-'));
  const OUTCRY_URL = proxy.through(shared.gatewayUrl);
  return { ...process.env, XDG_STATE_HOME: state, OUTCRY_URL, OUTCRY_TIMEOUT: secondsPerCommand, ...extra };
}

type Ran = { code: number | null; out: string; errors: string };

/** A program that runs, and its end. */
function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input = '') {
  const child = spawn(command, args, { env });
  const ran: Ran = { code: null, out: '', errors: '' };
  child.stdout.on('data', (text) => (ran.out += String(text)));
  child.stderr.on('data', (text) => (ran.errors += String(text)));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ ...ran, code })));
  return { child, ended };
}

const outcry = (args: readonly string[], env: NodeJS.ProcessEnv, input?: string) =>
  start(process.execPath, [program, ...args], env, input).ended;

const jsonLines = (text: string): Record<string, string>[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

const client = createTestClient('connect', shared.gatewayUrl);
const unansweredIn = (env: NodeJS.ProcessEnv) => {
  const folder = join(env.XDG_STATE_HOME ?? '', 'outcry', 'unanswered');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Sums of a statement by asset, in units of 10^-6. */
function sumsOf(entries: readonly Record<string, string>[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { asset = '', amount = '' } of entries) sums.set(asset, (sums.get(asset) ?? 0n) + microsOf(amount));
  return sums;
}

function microsOf(decimal: string): bigint {
  const [, sign = '', whole = '', places = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  return BigInt(`${sign}${whole}${places.padEnd(6, '0')}`);
}

describe('outcry', () => {
  it('lives an investor’s day from a script while 30 % of its answers are lost', { timeout: 600_000 }, async () => {
    const report = join(directory, 'report');
    mkdirSync(report);
    const EMAIL = `cli-${randomUUID()}@example.com`;
    const env = environment({ OUTCRY: program, EMAIL, PASSWORD: testPassword, SYMBOL: 'FERN', REPORT: report });
    const [lostBefore, acceptedBefore] = [proxy.lostCount, proxy.acceptedCount];
    proxy.loseAnswers({ share: lostShare, seed: lossSeed });
    const script = new URL('../support/cli-day.sh', import.meta.url).pathname;
    const { code, out, errors } = await start('bash', [script], env).ended;
    proxy.loseAnswers({ share: 0, seed: 0 });
    const heard = existsSync(join(report, 'errors')) ? readFileSync(join(report, 'errors'), 'utf8') : '';
    expect(code, `${out}\n${errors}\n${heard}`).toBe(0);
    // A day has few calls: their share is about that of the draws.
    expect(proxy.lostCount - lostBefore).toBeGreaterThan((proxy.acceptedCount - acceptedBefore) / 5);
    expect(unansweredIn(env)).toEqual([]);

    const investor = await logIn(client, EMAIL, testPassword);
    const { transfers = [] } = (await investor.call('LedgerService/ListTransfers')) as {
      transfers?: { amount: string }[];
    };
    expect(transfers.map(({ amount }) => amount)).toEqual(['1000.00', '250.00', '50000.00']);
    await expectOrdersOnce(investor.call, report);
    await expectEqualBalances(investor, report);
    const admin = environment();
    await outcry(['login', shared.admin.email], admin, shared.admin.password);
    const audit = await outcry(['audit', '--timeout', '60'], admin);
    expect(audit, audit.errors).toMatchObject({ code: 0, out: expect.stringContaining('every cent and share') });
  });

  it('places one order for a command that is killed before its answer, and is given again', {
    timeout: 120_000,
  }, async () => {
    const { email, call } = await registerInvestor(client, '10000.00');
    const env = environment();
    expect(await outcry(['login', email], env, testPassword)).toMatchObject({ code: 0 });
    const [quote] = jsonLines((await outcry(['quote', 'FERN', '--json'], env)).out);
    // It may rest: an order for the moment is withdrawn when its caller has gone.
    const price = `${Math.floor(Number(quote?.bidPrice) * 0.95)}.00`;
    const command = ['buy', 'FERN', '1', '--limit', price, '--json'];
    proxy.freezeAll();
    const killed = start(process.execPath, [program, ...command], env);
    await eventually(() => expect(unansweredIn(env)).toHaveLength(1), { timeoutMs: 30_000 });
    await eventually(() => expect(proxy.openCount).toBeGreaterThan(0), { timeoutMs: 30_000 });
    killed.child.kill('SIGKILL');
    expect((await killed.ended).code).toBeNull();
    proxy.thaw();
    const again = await outcry(command, env);
    expect(again, again.errors).toMatchObject({ code: 0 });
    expect(again.errors).toContain('finishing the call');
    const { orders = [] } = (await call('OrderService/ListOrders')) as { orders?: { clientOrderId: string }[] };
    expect(orders.map(({ clientOrderId }) => clientOrderId)).toEqual([jsonLines(again.out)[0]?.clientOrderId]);
    expect(unansweredIn(env)).toEqual([]);
  });

  it('writes lists as CSV, calls any RPC, and has a session for each profile', { timeout: 120_000 }, async () => {
    const { email } = await registerInvestor(client, '100.00');
    const env = environment();
    const candles = await outcry(['candles', 'FERN', '--timeframe', '1w', '--limit', '1', '--csv'], env);
    expect(candles.out.split('\r\n')[0]).toBe(
      'symbol,startTime,open,high,low,close,volume,tradeCount,interval,vwap,multiple',
    );
    const snapshots = await outcry(['call', 'MarketService/ListSnapshots', '{"symbols":["FERN"]}'], env);
    expect(jsonLines(snapshots.out)).toMatchObject([{ snapshots: [{ symbol: 'FERN', quote: { symbol: 'FERN' } }] }]);
    expect(await outcry(['call', 'MarketService/ListSnapshots', '{"symbol":"FERN"}'], env)).toMatchObject({ code: 2 });
    expect(await outcry(['call', 'NoService/NoRpc'], env)).toMatchObject({ code: 2 });
    expect(await outcry(['login', email, '--profile', 'robot'], env, testPassword)).toMatchObject({ code: 0 });
    expect(await outcry(['balances'], env)).toMatchObject({ code: 4 });
    expect(await outcry(['balances', '--profile', 'robot'], env)).toMatchObject({ code: 0 });
    expect(await outcry(['call', 'LedgerService/GetBalances'], { ...env, OUTCRY_PROFILE: 'robot' })).toMatchObject({
      code: 0,
    });
    expect(await outcry(['balances', '--profile', 'a/b'], env)).toMatchObject({ code: 2 });
  });

  it('works an order in slices, and shows how far it is', { timeout: 120_000 }, async () => {
    const { email } = await registerInvestor(client);
    const env = environment();
    expect(await outcry(['login', email], env, testPassword)).toMatchObject({ code: 0 });
    const options = ['--over', '20s', '--orders', '2', '--json'];
    const [rule] = jsonLines((await outcry(['slice', 'buy', 'FERN', '3', ...options], env)).out);
    const ruleId = rule?.ruleId ?? '';
    const runs = ['rules', 'runs', ruleId];
    await eventually(
      async () => {
        const [run] = jsonLines((await outcry([...runs, '--json'], env)).out);
        expect(run).toMatchObject({ outcome: 'RUN_OUTCOME_DONE', slice: { quantity: '3', filledQuantity: '3' } });
      },
      { timeoutMs: 60_000 },
    );
    expect((await outcry(runs, env)).out).toContain('3 of 3');
    expect((await outcry(['rules'], env)).out).toContain('buy 3 FERN in 2 orders over 20 s');
  });

  it('says with its exit code what a script can do', { timeout: 120_000 }, async () => {
    const { email } = await registerInvestor(client, '100.00');
    const env = environment();
    expect(await outcry(['balances'], env)).toMatchObject({ code: 4 });
    expect(await outcry(['balances'], { ...env, OUTCRY_API_KEY: 'ok_wrong' })).toMatchObject({ code: 4 });
    expect(await outcry(['login', email], env, testPassword)).toMatchObject({ code: 0 });
    expect(await outcry(['buy', 'FERN'], env)).toMatchObject({ code: 2 });
    const refused = await outcry(['buy', 'FERN', '1000', '--json'], env);
    expect(refused).toMatchObject({ code: 3, out: '' });
    const { error } = JSON.parse(refused.errors);
    expect(error).toMatchObject({ exit: 3, reason: 'CASH_INSUFFICIENT', numbers: { available: '100.00' } });
    proxy.refuse(true);
    expect(await outcry(['deposit', '5.00', '--timeout', '1'], env)).toMatchObject({ code: 5 });
    proxy.refuse(false);
    expect(jsonLines((await outcry(['resume', '--list', '--json'], env)).out)).toMatchObject([{ state: 'no answer' }]);
    expect(await outcry(['resume'], env)).toMatchObject({ code: 0, out: expect.stringContaining('Deposit') });
    expect(jsonLines((await outcry(['balances', '--json'], env)).out)).toMatchObject([
      { asset: 'USD', total: '105.00' },
    ]);
  });
});

/** Each of the script's orders is there, and no other beside those of its rule. */
async function expectOrdersOnce(call: Awaited<ReturnType<typeof logIn>>['call'], report: string): Promise<void> {
  type Order = { orderId: string; quantity: string; side: string; status: string };
  const { orders = [] } = (await call('OrderService/ListOrders', { pageSize: 200 })) as { orders?: Order[] };
  const { rules = [] } = (await call('AutoService/ListRules')) as { rules?: { ruleId: string }[] };
  expect(rules).toHaveLength(1);
  const { runs = [] } = (await call('AutoService/ListRuns', { ruleId: rules[0]?.ruleId ?? '' })) as {
    runs?: { orderId?: string }[];
  };
  const ofRule = new Set(runs.map(({ orderId }) => orderId));
  const own = orders.filter(({ orderId, status }) => !ofRule.has(orderId) && status !== 'ORDER_STATUS_REJECTED');
  expect(own.map(({ side, quantity }) => `${side} ${quantity}`)).toEqual([
    'SIDE_SELL 1',
    'SIDE_SELL 3',
    'SIDE_BUY 2',
    'SIDE_BUY 5',
  ]);
  const named = ['close-order', 'sell-order', 'market-order'].map((name) =>
    readFileSync(join(report, name), 'utf8').trim(),
  );
  expect(own.map(({ orderId }) => orderId)).toEqual([named[0], named[1], own[2]?.orderId, named[2]]);
}

/** What the client has printed is what the service says, and the movements add up to it. */
async function expectEqualBalances(investor: Awaited<ReturnType<typeof logIn>>, report: string): Promise<void> {
  const printed = jsonLines(readFileSync(join(report, 'balances'), 'utf8'));
  const { cash, sharesOf } = await balancesOf(investor);
  expect(printed).toMatchObject([{ ...cash }, { ...sharesOf('FERN') }]);
  const sums = sumsOf(jsonLines(readFileSync(join(report, 'statement'), 'utf8')));
  for (const { asset = '', total = '' } of printed) expect(sums.get(asset), asset).toBe(microsOf(total));
}
