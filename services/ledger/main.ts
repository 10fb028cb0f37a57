/** The ledger as a process. */
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readLedgerConfig } from './config.ts';
import { createLedgerService } from './server.ts';

await runService({
  name: 'ledger',
  start: async (app) => {
    const config = readLedgerConfig(process.env);
    const sessions = createRpcClient(SessionService, { address: config.userAddress, serviceToken: undefined });
    app.onDispose(sessions);
    const authenticator = createAuthenticator({
      serviceTokenSecret: config.base.serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await createLedgerService(app, { ...config, authenticator });
  },
});
