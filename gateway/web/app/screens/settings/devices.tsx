import { createClient } from '@connectrpc/connect';
import { useState } from 'preact/hooks';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { userTransport } from '../../rpc/clients.ts';
import { logOut } from '../../rpc/session.ts';
import { Button } from '../../ui/button.tsx';

const sessions = createClient(SessionService, userTransport);

/** Log-out of this device, and of all. A second press does it. */
export function Devices() {
  const [isAsking, setAsking] = useState(false);
  const act = useAct();
  const endAll = () =>
    act.run(async () => {
      const { endedCount } = await sessions.logOutEverywhere({});
      logOut();
      return `${endedCount} sessions ended.`;
    });
  return (
    <section class="form" aria-label="Devices">
      <h2>Devices</h2>
      <p class="dim">
        A log-in lasts 30 days after its last use. Single devices are not listed: the server stores no names of them.
      </p>
      <ActNote act={act} />
      <p class="buttons">
        <Button onClick={logOut}>Log out here</Button>
        {isAsking ? (
          <Button kind="you" disabled={act.isBusy} onClick={() => void endAll()}>
            Log out all devices, this one too
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>Log out everywhere</Button>
        )}
      </p>
    </section>
  );
}
