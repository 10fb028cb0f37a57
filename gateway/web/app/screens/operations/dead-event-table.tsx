import { useState } from 'preact/hooks';
import type { DeadEvent } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { DeadEventDetail } from './dead-event-detail.tsx';
import { deadEvents } from './staff-clients.ts';

const keyOf = ({ queue, eventId }: DeadEvent) => `${queue} ${eventId}`;

/** Events of the bus that a service failed to handle: inspected, tried again, given up. */
export function DeadEventTable() {
  const [chosen, setChosen] = useState<DeadEvent | undefined>(undefined);
  const [round, setRound] = useState(0);
  const act = useAct();
  const pages = usePages<DeadEvent>(
    async (pageToken, signal) => {
      const page = await deadEvents.listDeadEvents({ pageSize: 50, pageToken }, { signal });
      return { rows: page.deadEvents, nextPageToken: page.nextPageToken };
    },
    { key: `dead ${round}`, keyOf },
  );
  const readAgain = () => {
    setChosen(undefined);
    setRound(round + 1);
  };
  const redrive = ({ queue, eventId }: DeadEvent) =>
    act.run(async () => {
      const { redrivenCount } = await deadEvents.redriveDeadEvents({ queue, eventIds: [eventId] });
      readAgain();
      return redrivenCount === 0 ? 'It was not dead any more.' : 'It is tried again.';
    });
  return (
    <section aria-label="Dead events">
      <h2>Dead events of the bus</h2>
      <p class="buttons">
        <Button isSmall onClick={readAgain}>
          Read again
        </Button>
      </p>
      <ActNote act={act} />
      {chosen !== undefined && <DeadEventDetail key={keyOf(chosen)} event={chosen} onDropped={readAgain} />}
      <ShownRows pages={pages} empty="No event is dead.">
        {(rows) => (
          <ReadTable
            label="Dead events"
            rows={rows}
            keyOf={keyOf}
            isSelected={(event) => chosen !== undefined && keyOf(event) === keyOf(chosen)}
            columns={[
              { name: 'Queue', cell: ({ queue }) => <b>{queue}</b> },
              { name: 'Event', cell: ({ type }) => type.replace('outcry.', '') },
              { name: 'Given up', cell: ({ giveUpTime }) => <TimeCell time={giveUpTime} /> },
              { name: 'Tries', kind: 'number', cell: ({ attempts }) => attempts },
              { name: 'Last failure', kind: 'wide', cell: ({ lastFailure }) => lastFailure },
              {
                name: 'Acts',
                kind: 'acts',
                cell: (event) => (
                  <>
                    <Button isSmall onClick={() => setChosen(event)}>
                      Inspect
                    </Button>
                    <Button isSmall disabled={act.isBusy} onClick={() => void redrive(event)}>
                      Try again
                    </Button>
                  </>
                ),
              },
            ]}
          />
        )}
      </ShownRows>
    </section>
  );
}
