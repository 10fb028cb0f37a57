/** The notification service as a process. */
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readNotificationConfig } from './config.ts';
import { createNotificationService } from './server.ts';

await runService({
  needs: { name: 'notification', calls: [] },
  start: async (app) => {
    const config = readNotificationConfig(process.env);
    const sessions = createRpcClient(SessionService, { address: config.userAddress, serviceToken: undefined });
    app.onDispose(sessions);
    const authenticator = createAuthenticator({
      serviceTokenSecret: app.config.serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await createNotificationService(app, { ...config, authenticator });
  },
});
