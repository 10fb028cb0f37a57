import { useState } from 'preact/hooks';
import type { DeadLetter } from '#gen/outcry/notification/v1/notification_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { messageKindText } from '../inbox/inbox-text.ts';
import { deadLetters } from './staff-clients.ts';

const keyOf = ({ deadLetterId }: DeadLetter) => deadLetterId;

/** Messages that could not be delivered: tried again. */
export function DeadLetterTable() {
  const [round, setRound] = useState(0);
  const act = useAct();
  const pages = usePages<DeadLetter>(
    async (pageToken, signal) => {
      const page = await deadLetters.listDeadLetters({ pageSize: 50, pageToken }, { signal });
      return { rows: page.deadLetters, nextPageToken: page.nextPageToken };
    },
    { key: `letters ${round}`, keyOf },
  );
  const redrive = (ids: string[]) =>
    act.run(async () => {
      const { redrivenCount } = await deadLetters.redriveDeadLetters({ deadLetterIds: ids });
      setRound(round + 1);
      return `${redrivenCount} are tried again.`;
    });
  return (
    <section aria-label="Dead letters">
      <h2>Dead letters</h2>
      <ActNote act={act} />
      <ShownRows pages={pages} empty="Every message was delivered.">
        {(rows) => (
          <>
            <p class="buttons">
              <Button isSmall disabled={act.isBusy} onClick={() => void redrive(rows.slice(0, 200).map(keyOf))}>
                Try the {Math.min(200, rows.length)} shown again
              </Button>
            </p>
            <ReadTable
              label="Dead letters"
              rows={rows}
              keyOf={keyOf}
              columns={[
                { name: 'Subject', cell: ({ subject }) => <b>{subject}</b> },
                { name: 'About', cell: ({ kind }) => messageKindText(kind) },
                { name: 'Given up', cell: ({ giveUpTime }) => <TimeCell time={giveUpTime} /> },
                { name: 'Tries', kind: 'number', cell: ({ attempts }) => attempts },
                { name: 'Last failure', kind: 'wide', cell: ({ lastFailure }) => lastFailure },
              ]}
            />
          </>
        )}
      </ShownRows>
    </section>
  );
}
