/** The mailbox as a process. */
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readMailboxConfig } from './config.ts';
import { createMailboxService } from './server.ts';

await runService({
  needs: { name: 'mailbox', calls: [] },
  start: async (app) => {
    const { userAddress, smtpPort } = readMailboxConfig(process.env);
    const sessions = createRpcClient(SessionService, { address: userAddress, serviceToken: undefined });
    app.onDispose(sessions);
    const authenticator = createAuthenticator({
      serviceTokenSecret: app.config.serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await createMailboxService(app, { authenticator, smtpPort });
  },
});
