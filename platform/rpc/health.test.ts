import { describe, expect, it } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createRpcClient } from './client.ts';
import { EchoService } from './testing/echo-contract.ts';
import { startEcho } from './testing/echo-server.ts';

const name = EchoService.typeName;

async function startWithHealth() {
  const echo = await startEcho();
  const health = createRpcClient(Health, { address: echo.address, serviceToken: undefined });
  return {
    echo,
    health,
    async [Symbol.asyncDispose]() {
      await health[Symbol.asyncDispose]();
      await echo[Symbol.asyncDispose]();
    },
  };
}

describe('healthService', () => {
  it('Check says SERVING only while the process is ready and the service serves', async () => {
    await using fixture = await startWithHealth();
    const { echo, health } = fixture;
    const check = async (service: string) => (await health.check({ service })).status;
    expect(await check('')).toBe(Status.SERVING);
    echo.health.set(name, false);
    expect([await check(''), await check(name)]).toEqual([Status.SERVING, Status.NOT_SERVING]);
    echo.health.set(name, true);
    echo.health.setReady(false);
    expect([await check(''), await check(name)]).toEqual([Status.NOT_SERVING, Status.NOT_SERVING]);
  });

  it('Check of a name that is not served is NOT_FOUND', async () => {
    await using fixture = await startWithHealth();
    await expect(fixture.health.check({ service: 'nothing' })).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });

  it('List names the process and each of its services', async () => {
    await using fixture = await startWithHealth();
    const { statuses } = await fixture.health.list({});
    expect(statuses['']?.status).toBe(Status.SERVING);
    expect(statuses[name]?.status).toBe(Status.SERVING);
  });

  it('Watch reports the state, each change once, and the drain; then it ends', async () => {
    await using fixture = await startWithHealth();
    const { echo, health } = fixture;
    const seen: number[] = [];
    const steps = [
      () => echo.health.set(name, false),
      () => echo.health.set(name, true),
      () => {
        echo.health.set('another', false);
        echo.health.drain();
      },
    ];
    for await (const { status } of health.watch({ service: name })) {
      seen.push(status);
      steps.shift()?.();
    }
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
  });

  it('Watch of an unknown name says SERVICE_UNKNOWN, and SERVING once it is served', async () => {
    await using fixture = await startWithHealth();
    const seen: number[] = [];
    for await (const { status } of fixture.health.watch({ service: 'later' })) {
      seen.push(status);
      if (seen.length === 2) break;
      fixture.echo.health.set('later', true);
    }
    expect(seen).toEqual([Status.SERVICE_UNKNOWN, Status.SERVING]);
  });
});
