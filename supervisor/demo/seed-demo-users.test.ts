import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { DEMO_DEPOSIT, DEMO_PASSWORD, seedDemoUsers } from './seed.ts';

type FakeUser = { password: string; deposits: Map<string, string> };

/** The four RPCs that seeding needs, as the gateway answers them in JSON. */
class FakeGateway {
  readonly users = new Map<string, FakeUser>();

  answer(method: string, body: Record<string, string>, token: string): { status: number; body: object } {
    const user = this.users.get(token);
    switch (method) {
      case 'SessionService/LogIn':
        return this.users.get(body.email ?? '')?.password === body.password
          ? ok({ tokens: { accessToken: body.email } })
          : { status: 401, body: { code: 'unauthenticated', message: 'wrong' } };
      case 'UserService/Register':
        this.users.set(body.email ?? '', { password: body.password ?? '', deposits: new Map() });
        return ok({ userId: 'u' });
      case 'LedgerService/ListStatement':
        return ok(user?.deposits.size ? { entries: [{}] } : {});
      case 'LedgerService/Deposit':
        user?.deposits.set(body.idempotencyKey ?? '', body.amount ?? '');
        return ok({ transfer: {} });
      default:
        return { status: 404, body: { code: 'unimplemented', message: method } };
    }
  }
}

function ok(body: object): { status: number; body: object } {
  return { status: 200, body };
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

describe('seedDemoUsers', () => {
  test('makes both users with their money once, however often it runs', async () => {
    const gateway = new FakeGateway();
    using server = await serve(gateway);
    await seedDemoUsers(server.url);
    await seedDemoUsers(server.url);
    expect([...gateway.users.keys()].toSorted()).toEqual(['alice@example.com', 'bob@example.com']);
    for (const user of gateway.users.values()) {
      expect(user.password).toBe(DEMO_PASSWORD);
      expect([...user.deposits.values()]).toEqual([DEMO_DEPOSIT]);
    }
  });

  test('says which step was refused', async () => {
    const gateway = new FakeGateway();
    gateway.answer = () => ({ status: 503, body: { code: 'unavailable', message: 'the user service is away' } });
    using server = await serve(gateway);
    await expect(seedDemoUsers(server.url)).rejects.toThrow(
      'the demo users could not be made: outcry.user.v1.SessionService/LogIn: unavailable: the user service is away',
    );
  });
});
