import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { Output } from '../terminal/output.ts';
import { demoDeposit, demoPassword } from './demo-users.ts';
import { type SeedLimits, seedDemoUsers } from './seed-demo-users.ts';

type FakeUser = { password: string; deposits: Map<string, string> };
type Answer = { status: number; body: object };

/** The four RPCs that seeding needs, as the gateway answers them in JSON. */
class FakeGateway {
  readonly users = new Map<string, FakeUser>();
  /** What every log-in is answered instead, whatever the password. */
  logInRefusal: Answer | undefined;
  logIns = 0;

  answer(method: string, body: Record<string, string>, token: string): Answer {
    const user = this.users.get(token);
    const { email = '', password = '' } = body;
    switch (method) {
      case 'SessionService/LogIn':
        this.logIns += 1;
        if (this.logInRefusal) return this.logInRefusal;
        return this.users.get(email)?.password === password
          ? ok({ tokens: { accessToken: email } })
          : refusal(401, 'unauthenticated', 'wrong');
      case 'UserService/Register':
        if (!this.users.has(email)) this.users.set(email, { password, deposits: new Map() });
        return ok({ userId: 'u' });
      case 'LedgerService/ListStatement':
        return ok(user?.deposits.size ? { entries: [{}] } : {});
      case 'LedgerService/Deposit':
        user?.deposits.set(body.idempotencyKey ?? '', body.amount ?? '');
        return ok({ transfer: {} });
      default:
        return refusal(404, 'unimplemented', method);
    }
  }
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

async function serve(gateway: FakeGateway): Promise<{ url: string } & Disposable> {
  const server = createServer(async (request, response) => {
    const method = request.url?.split('.').at(-1) ?? '';
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const { status, body } = gateway.answer(method, await readJson(request), token);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** A terminal that remembers its lines, a signal, and tries that follow each other at once. */
function prepare(limits: Partial<SeedLimits> = {}) {
  const lines: string[] = [];
  const output: Output = { line: (text) => void lines.push(text), progress: () => {}, error: () => {} };
  const stop = new AbortController();
  const all = { firstTryTimeoutMs: 60_000, delayMinMs: 1, delayMaxMs: 5, triesMax: 1_000, ...limits };
  return { lines, stop, options: { output, signal: stop.signal, limits: all } };
}

describe('seedDemoUsers', () => {
  it('makes both users with their money once, however often it runs', async () => {
    const gateway = new FakeGateway();
    using server = await serve(gateway);
    const { lines, options } = prepare();
    await seedDemoUsers(server.url, options);
    await seedDemoUsers(server.url, options);
    expect([...gateway.users.keys()].toSorted()).toEqual(['alice@example.com', 'bob@example.com']);
    for (const user of gateway.users.values()) {
      expect(user.password).toBe(demoPassword);
      expect([...user.deposits.values()]).toEqual([demoDeposit]);
    }
    expect(lines).toEqual([]);
  });

  it.each([
    ['resource_exhausted: too many wrong passwords', refusal(429, 'resource_exhausted', 'too many wrong passwords')],
    ['unavailable: away', refusal(503, 'unavailable', 'away')],
    ['internal: internal error', refusal(500, 'internal', 'internal error')],
    ['HTTP 502: ', { status: 502, body: [] }],
  ])('lets the start go on when a log-in is answered %s, and tries again until it is not', async (text, answer) => {
    const gateway = new FakeGateway();
    gateway.logInRefusal = answer;
    using server = await serve(gateway);
    const { lines, options } = prepare();
    await seedDemoUsers(server.url, options);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`the demo users are not complete yet: outcry.user.v1.SessionService/LogIn: ${text}`);
    await eventually(() => expect(gateway.logIns).toBeGreaterThan(10));
    gateway.logInRefusal = undefined;
    await eventually(() => expect(lines.length).toBeGreaterThan(1));
    expect(lines.slice(1)).toEqual(['  the demo users are complete now']);
    expect([...gateway.users.values()].map(({ deposits }) => deposits.size)).toEqual([1, 1]);
  });

  it('lets the start go on when no gateway answers, and does nothing once the signal has aborted', async () => {
    const gateway = new FakeGateway();
    const { lines, stop, options } = prepare();
    await seedDemoUsers('http://127.0.0.1:1', options);
    expect(lines).toHaveLength(1);
    stop.abort();
    using server = await serve(gateway);
    await seedDemoUsers(server.url, options);
    expect(lines).toHaveLength(1);
    expect(gateway.logIns).toBe(0);
  });

  it('ends its tries with the signal', async () => {
    const gateway = new FakeGateway();
    gateway.logInRefusal = refusal(429, 'resource_exhausted', 'too many');
    using server = await serve(gateway);
    const first = prepare();
    await seedDemoUsers(server.url, first.options);
    await eventually(() => expect(gateway.logIns).toBeGreaterThan(10));
    first.stop.abort();
    const logInsBefore = gateway.logIns;
    // The tries of another start take long enough for further ones of the first to show.
    const second = prepare({ triesMax: 30 });
    await seedDemoUsers(server.url, second.options);
    await eventually(() => expect(second.lines.length).toBeGreaterThan(1));
    const logIns = gateway.logIns - logInsBefore;
    // Two users each; what the first start had sent when it was aborted may still arrive.
    expect(logIns).toBeGreaterThanOrEqual(60);
    expect(logIns).toBeLessThanOrEqual(62);
    expect(first.lines).toHaveLength(1);
  });

  it('gives up after a bounded number of tries, with a line', async () => {
    const gateway = new FakeGateway();
    gateway.logInRefusal = refusal(429, 'resource_exhausted', 'too many');
    using server = await serve(gateway);
    const { lines, options } = prepare({ triesMax: 4 });
    await seedDemoUsers(server.url, options);
    await eventually(() => expect(lines.length).toBeGreaterThan(1));
    expect(lines[1]).toContain('the demo users are not made: ');
    expect(gateway.logIns).toBe(8);
  });

  it('leaves an account alone whose password was changed', async () => {
    const gateway = new FakeGateway();
    gateway.users.set('alice@example.com', { password: 'her own', deposits: new Map() });
    using server = await serve(gateway);
    const { lines, options } = prepare();
    await seedDemoUsers(server.url, options);
    expect(lines).toEqual(["  alice@example.com has another password than the demo users'"]);
    expect(gateway.users.get('alice@example.com')).toEqual({ password: 'her own', deposits: new Map() });
    expect(gateway.users.get('bob@example.com')?.deposits.size).toBe(1);
  });
});
