import { useState } from 'preact/hooks';
import type { PaymentFinding } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { ledgerAdmin } from './staff-clients.ts';

/** Differences with the provider, and the record that one is settled; nothing is booked by it. */
export function PaymentFindings() {
  const [settling, setSettling] = useState<PaymentFinding | undefined>(undefined);
  const [reason, setReason] = useState('');
  const [round, setRound] = useState(0);
  const pages = usePages<PaymentFinding>(
    async (pageToken, signal) => {
      const page = await ledgerAdmin.listPaymentFindings({ pageSize: 50, pageToken }, { signal });
      return { rows: page.findings, nextPageToken: page.nextPageToken };
    },
    { key: `findings ${round}`, keyOf: ({ findingId }) => String(findingId) },
  );
  const leave = () => setSettling(undefined);
  return (
    <>
      {settling !== undefined && (
        <>
          <TextField id="settle-reason" label="How" value={reason} onInput={setReason} input={{ maxLength: 200 }} />
          <TypedName
            id="settle-name"
            sentence="The audit does not report this difference any more. Nothing is booked by it."
            name={settling.rule}
            act="It is settled"
            work={async () => {
              const findingIds = [settling.findingId];
              await ledgerAdmin.settlePaymentFindings({ findingIds, reason: reason.trim() });
              return 'Recorded as settled.';
            }}
            onDone={() => {
              leave();
              setRound(round + 1);
            }}
            onLeave={leave}
          />
        </>
      )}
      <ShownRows pages={pages} empty="None: both say the same.">
        {(rows) => (
          <ReadTable
            label="Differences"
            rows={rows}
            keyOf={({ findingId }) => String(findingId)}
            isEnded={({ settleTime }) => settleTime !== undefined}
            columns={[
              { name: 'Found', cell: ({ findTime }) => <TimeCell time={findTime} /> },
              { name: 'What', cell: ({ rule }) => <b>{rule}</b> },
              { name: 'The ledger has', cell: ({ expected }) => expected },
              { name: 'The provider says', kind: 'wide', cell: ({ found }) => found },
              { name: 'Settled', cell: ({ settleReason }) => settleReason || 'open' },
              {
                name: 'Acts',
                kind: 'acts',
                cell: (finding) =>
                  finding.settleTime === undefined ? (
                    <Button isSmall onClick={() => setSettling(finding)}>
                      Settle
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </ShownRows>
    </>
  );
}
