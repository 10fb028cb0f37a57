/** A service as a process of its own, for the tests of runService: serves the echo contract and misbehaves when asked to. */
import { integer } from '#platform/config/env.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { implement } from '../server.ts';
import { EchoService } from './echo-contract.ts';

const misbehaviour = process.argv[2];
const rounds = { default: 1, min: 1, max: 9 };

await runService({
  needs: { name: 'echo', calls: [] },
  readConfig: (env) => ({ rounds: integer(env, 'ECHO_ROUNDS', rounds) }),
  start: async (app) => {
    if (misbehaviour === 'fail-to-start') throw new Error('cannot start');
    for (const name of ['first', 'second']) {
      app.onDispose({ [Symbol.asyncDispose]: async () => app.logger.info({ resource: name }, 'disposed') });
    }
    app.signal.addEventListener('abort', () => app.logger.info('signal aborted'));
    const { authenticator } = await createTestIdentity();
    const echo = async ({ value }: { value: string }) => ({ value });
    const slowEcho = async ({ value }: { value: string }) => {
      app.logger.info('slow call started');
      await pause(400);
      return { value };
    };
    const unused = async function* () {};
    const handlers = { read: echo, keyed: echo, write: echo, audit: echo, internal: echo, join: async () => ({}) };
    await serveRpc(app, {
      bindings: [implement(EchoService, { ...handlers, open: slowEcho, count: unused, chat: unused })],
      authenticator,
    });
    app.ready();
    if (misbehaviour === 'throw-later') startTimer(20, () => JSON.parse('{'));
    if (misbehaviour === 'reject-later') void Promise.reject(new Error('no caller awaits this'));
  },
});
