import { useState } from 'preact/hooks';
import type { Adjustment } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { ledgerAdmin } from '../operations/staff-clients.ts';
import { UserTable } from '../operations/user-table.tsx';
import { AdjustAccount } from './adjust-account.tsx';

/** Corrections of accounts: a form for the account that is chosen, and those that were made. */
export function Adjustments() {
  const [round, setRound] = useState(0);
  return (
    <>
      <p class="hint">
        A correction moves cash or shares between an account and the house, with a reason that the owner reads. It
        cannot be taken back, but corrected by another one. New shares come into being by an issue alone.
      </p>
      <UserTable
        isHouse={false}
        detail={(user) => <AdjustAccount key={user.userId} user={user} onAdjusted={() => setRound(round + 1)} />}
      />
      <h2>Made so far</h2>
      <PastAdjustments round={round} />
    </>
  );
}

function PastAdjustments({ round }: { round: number }) {
  const pages = usePages<Adjustment>(
    async (pageToken, signal) => {
      const { adjustments, nextPageToken } = await ledgerAdmin.listAdjustments({ pageSize: 50, pageToken }, { signal });
      return { rows: adjustments, nextPageToken };
    },
    { key: `adjustments ${round}`, keyOf: ({ adjustmentId }) => adjustmentId },
  );
  return (
    <ShownRows pages={pages} empty="No account was ever corrected.">
      {(rows) => (
        <ReadTable
          label="Adjustments"
          rows={rows}
          keyOf={({ adjustmentId }) => adjustmentId}
          columns={[
            { name: 'Time', cell: ({ time }) => <TimeCell time={time} /> },
            { name: 'Account', cell: ({ accountId }) => <span class="dim">{accountId}</span> },
            { name: 'Amount', kind: 'number', cell: ({ amount }) => <Figure value={amount} signed /> },
            { name: 'Asset', cell: ({ asset }) => <b>{asset}</b> },
            { name: 'Why', kind: 'wide', cell: ({ reason }) => reason },
            { name: 'Corrects', cell: ({ reference }) => <span class="dim">{reference}</span> },
            { name: 'By', cell: ({ adjustedBy }) => <span class="dim">{adjustedBy}</span> },
          ]}
        />
      )}
    </ShownRows>
  );
}
