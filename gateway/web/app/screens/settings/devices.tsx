import { createClient } from '@connectrpc/connect';
import { useState } from 'preact/hooks';
import { SessionService, type UserSession } from '#gen/outcry/user/v1/session_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { type Act, useAct } from '../../acting/use-act.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { logOut } from '../../rpc/session.ts';
import { userTransport } from '../../rpc/transports.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';

const sessions = createClient(SessionService, userTransport);

/** The log-ins of the account; each is ended by a press, all by two. */
export function Devices() {
  const act = useAct();
  // One that was ended is in no further page: the list begins anew.
  const [endedCount, setEndedCount] = useState(0);
  const pages = usePages<UserSession>(
    async (pageToken, signal) => {
      const answer = await sessions.listSessions({ pageSize: 100, pageToken }, { signal });
      return { rows: answer.sessions, nextPageToken: answer.nextPageToken };
    },
    { key: `sessions ${endedCount}`, keyOf: ({ sessionId }) => sessionId },
  );
  const end = ({ sessionId }: UserSession) =>
    act.run(async () => {
      await sessions.revokeSession({ sessionId });
      setEndedCount((count) => count + 1);
      return 'It is logged out: no new access from there, and the last one ends within ten minutes.';
    });
  return (
    <section class="devices" aria-label="Devices">
      <h2>Devices</h2>
      <ShownRows pages={pages} empty="No other device is logged in.">
        {(rows) => (
          <ReadTable
            label="Devices"
            rows={rows}
            keyOf={({ sessionId }) => sessionId}
            columns={[
              { name: 'Logged in', cell: ({ createTime }) => <TimeCell time={createTime} /> },
              { name: 'Last used', cell: ({ lastUseTime }) => <TimeCell time={lastUseTime} /> },
              { name: 'Ends', cell: ({ expireTime }) => <TimeCell time={expireTime} /> },
              { name: 'Which', cell: ({ current }) => (current ? <b>this one</b> : 'another') },
              {
                name: 'Acts',
                kind: 'acts',
                cell: (session) =>
                  !session.current && (
                    <Button isSmall disabled={act.isBusy} onClick={() => void end(session)}>
                      Log it out
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </ShownRows>
      <p class="hint">A log-in ends 30 days after its last use. What device it was is not stored.</p>
      <ActNote act={act} />
      <EndAll act={act} />
    </section>
  );
}

function EndAll({ act }: { act: Act }) {
  const [isAsking, setAsking] = useState(false);
  const endAll = () =>
    act.run(async () => {
      const { endedCount } = await sessions.logOutEverywhere({});
      logOut();
      return `${endedCount} sessions ended.`;
    });
  return (
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
  );
}
