import type { Transfer } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import type { Pages } from '../../reading/use-pages.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { isPending, kindText, stageText } from './transfer-text.ts';

/** Deposits and withdrawals with how far each is. */
export function TransferTable({ pages }: { pages: Pages<Transfer> }) {
  return (
    <ShownRows pages={pages} empty="No deposits or withdrawals yet.">
      {(rows) => (
        <ReadTable
          label="Transfers"
          rows={rows}
          keyOf={({ transferId }) => transferId}
          columns={[
            { name: 'Time', cell: ({ createTime }) => <TimeCell time={createTime} /> },
            { name: 'Kind', cell: ({ kind }) => kindText(kind) },
            { name: 'Amount', kind: 'number', cell: ({ amount }) => <Figure value={amount} places={2} /> },
            { name: 'State', kind: 'wide', cell: (transfer) => <State transfer={transfer} /> },
          ]}
        />
      )}
    </ShownRows>
  );
}

function State({ transfer }: { transfer: Transfer }) {
  const text = stageText(transfer.stage);
  return isPending(transfer) ? <b>{text}</b> : <span>{text}</span>;
}
