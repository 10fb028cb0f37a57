/** The auto service as a process. */
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readAutoConfig } from './config.ts';
import { createAutoService } from './server.ts';

await runService({
  needs: { name: 'auto', calls: [] },
  start: async (app) => {
    const { userAddress, ...config } = readAutoConfig(process.env);
    const sessions = createRpcClient(SessionService, { address: userAddress, serviceToken: undefined });
    app.onDispose(sessions);
    const authenticator = createAuthenticator({
      serviceTokenSecret: app.config.serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await createAutoService(app, { ...config, authenticator });
  },
});
