import { describe, expect, it } from 'vitest';
import type { StartFlags } from '../terminal/flags.ts';
import { chooseServices, type Launch, planLaunches, portsNeeded } from './launch-plan.ts';
import { services } from './services.ts';

const flags: StartFlags = {
  help: false,
  fresh: false,
  rabbitmq: false,
  observe: false,
  simulator: true,
  seed: 7,
  port: 8080,
  replicas: new Map([['order', 2]]),
  clock: { isMachine: false, timeMs: undefined, speed: undefined },
  dataDirectory: '/data',
  walArchive: undefined,
};
const secrets = {
  serviceSecret: 's',
  postgresPassword: 'p',
  rabbitmqPassword: 'r',
  adminPassword: 'a',
  operatorPassword: 'o',
};

function plan(inherited: NodeJS.ProcessEnv = {}, amqpUrl = ''): Launch[] {
  return planLaunches(
    {
      inherited,
      secrets,
      keyFilesOf: (name) => ({ own: `/data/keys/${name}.json`, public: '/data/keys/jwks.json' }),
      services: services,
      databaseUrlOf: (name) => `postgres://h/${name}`,
      amqpUrl,
      clockFile: '/data/clock.json',
    },
    {
      flags,
      running: chooseServices(services, flags, inherited),
      projectDirectory: '/project',
      logDirectory: '/data/logs',
    },
  );
}

function environment(launches: Launch[], name: string): Record<string, string> {
  return launches.find((launch) => launch.name === name)?.env ?? {};
}

describe('planLaunches', () => {
  it('gives each replica ports, a log and a bounded heap of its own', () => {
    const orders = plan().filter((launch) => launch.name === 'order');
    expect(orders).toMatchObject([
      { replica: 0, port: 8130, adminPort: 8135, logPath: '/data/logs/order-0.log' },
      { replica: 1, port: 8131, adminPort: 8136, logPath: '/data/logs/order-1.log' },
    ]);
    expect(orders[0]?.nodeFlags.join(' ')).toContain('--max-old-space-size=');
    expect(orders[1]?.env).toMatchObject({ OUTCRY_PORT: '8131', OUTCRY_ADMIN_PORT: '8136', OUTCRY_REPLICA: 'order-1' });
  });

  it('gives every process the same clock', () => {
    expect(new Set(plan().map(({ env }) => env.OUTCRY_CLOCK_FILE))).toEqual(new Set(['/data/clock.json']));
  });

  it('gives a caller the addresses of all replicas of what it calls, and no others', () => {
    expect(environment(plan(), 'gateway').ORDER_ADDRESS).toBe('ipv4:127.0.0.1:8130,127.0.0.1:8131');
    expect(environment(plan(), 'user').ORDER_ADDRESS).toBeUndefined();
  });

  it.each([
    ['ledger', { DATABASE_URL: 'postgres://h/ledger', BUS_DATABASE_URL: 'postgres://h/bus' }],
    ['market', { DATABASE_URL: 'postgres://h/market' }],
    ['analytics', {}],
    ['gateway', {}],
  ])('gives %s the databases that it uses and no others', (name, urls) => {
    const all = Object.entries(environment(plan(), name));
    expect(Object.fromEntries(all.filter(([variable]) => variable.includes('DATABASE_URL')))).toEqual(urls);
  });

  it('gives each its own key and the public ones of all, and a secret to those that derive others', () => {
    const launches = plan();
    const keys = { SERVICE_KEY_FILE: '/data/keys/order.json', SERVICE_JWKS_FILE: '/data/keys/jwks.json' };
    expect(environment(launches, 'order')).toMatchObject(keys);
    const withSecret = launches.filter(({ env }) => 'SERVICE_SECRET' in env).map(({ name }) => name);
    expect(withSecret).toEqual(['user', 'ledger']);
  });

  it('gives those who use the bus the address of RabbitMQ instead of its database', () => {
    const launches = plan({}, 'amqp://h');
    expect(environment(launches, 'ledger')).toMatchObject({ AMQP_URL: 'amqp://h' });
    expect(environment(launches, 'ledger').BUS_DATABASE_URL).toBeUndefined();
    expect(environment(launches, 'market').AMQP_URL).toBeUndefined();
  });

  it('passes on general variables and those of the service itself, nothing else', () => {
    const launches = plan({
      LOG_LEVEL: 'debug',
      ORDER_SWEEP_INTERVAL_MS: '50',
      DEFAULT_MAKER_BPS: '3',
      DATABASE_URL: 'postgres://x',
      SECRET: '1',
    });
    expect(environment(launches, 'order')).toMatchObject({ LOG_LEVEL: 'debug', ORDER_SWEEP_INTERVAL_MS: '50' });
    expect(environment(launches, 'user').DEFAULT_MAKER_BPS).toBe('3');
    expect(environment(launches, 'ledger').ORDER_SWEEP_INTERVAL_MS).toBeUndefined();
    expect(environment(launches, 'ledger')).toMatchObject({ DATABASE_URL: 'postgres://h/ledger' });
    expect(launches.some((launch) => 'SECRET' in launch.env)).toBe(false);
  });

  it('sends mail to the local mailbox, or to SMTP_URL without one', () => {
    expect(environment(plan(), 'notification').SMTP_URL).toBe('smtp://127.0.0.1:8201');
    const launches = plan({ SMTP_URL: 'smtp://mail.example.com' });
    expect(environment(launches, 'notification').SMTP_URL).toBe('smtp://mail.example.com');
    expect(launches.some((launch) => launch.name === 'mailbox')).toBe(false);
  });
});

describe('chooseServices', () => {
  it('leaves the simulator out when asked', () => {
    const names = chooseServices(services, { ...flags, simulator: false }, {}).map((service) => service.name);
    expect(names).toHaveLength(services.length - 1);
    expect(names).not.toContain('simulator');
  });
});

describe('portsNeeded', () => {
  it('counts PostgreSQL and SMTP only where they run here', () => {
    const uses = (embeddedPostgres: boolean): string[] =>
      portsNeeded(chooseServices(services, flags, {}), flags, { embeddedPostgres }).map((named) => named.use);
    expect(uses(true)).toEqual(expect.arrayContaining(['gateway', 'order admin', 'PostgreSQL', 'SMTP']));
    expect(uses(false)).not.toContain('PostgreSQL');
  });
});
