import type { Transfer } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { kindText, stageText } from '../money/transfer-text.ts';
import { PaymentFindings } from './payment-findings.tsx';
import { ledgerAdmin } from './staff-clients.ts';

/** Where payments hang, and where the provider and the ledger differ. */
export function Payments() {
  return (
    <>
      <section aria-label="Stuck transfers">
        <h2>Transfers without an outcome</h2>
        <StuckTransfers />
      </section>
      <section aria-label="Differences">
        <h2>Differences with the payment provider</h2>
        <PaymentFindings />
      </section>
    </>
  );
}

function StuckTransfers() {
  const pages = usePages<Transfer>(
    async (pageToken, signal) => {
      const page = await ledgerAdmin.listStuckTransfers({ pageSize: 50, pageToken }, { signal });
      return { rows: page.transfers, nextPageToken: page.nextPageToken };
    },
    { key: 'stuck', keyOf: ({ transferId }) => transferId },
  );
  return (
    <ShownRows pages={pages} empty="None: the provider has answered for every transfer.">
      {(rows) => (
        <ReadTable
          label="Transfers without an outcome"
          rows={rows}
          keyOf={({ transferId }) => transferId}
          columns={[
            { name: 'Asked', cell: ({ createTime }) => <TimeCell time={createTime} /> },
            { name: 'Kind', cell: ({ kind }) => kindText(kind) },
            { name: 'Amount', kind: 'number', cell: ({ amount }) => <Figure value={amount} places={2} /> },
            { name: 'Account', cell: ({ accountId }) => accountId },
            { name: 'State', kind: 'wide', cell: ({ stage }) => stageText(stage) },
          ]}
        />
      )}
    </ShownRows>
  );
}
