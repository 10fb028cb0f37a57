import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readAnalyticsConfig } from './config.ts';
import { startAnalytics } from './server.ts';

await runService({
  name: 'analytics',
  start: async (app) => {
    const { base, marketAddress, userAddress } = readAnalyticsConfig(process.env);
    const sessions = createRpcClient(SessionService, { address: userAddress, serviceToken: undefined });
    app.onDispose(sessions);
    const authenticator = createAuthenticator({
      serviceTokenSecret: base.serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await startAnalytics(app, { authenticator, marketAddress });
  },
});
