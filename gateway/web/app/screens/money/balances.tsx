import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { account } from '../../store/account.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { Loading } from '../../ui/status.tsx';

/** Cash and shares: all, what is free, what orders hold. */
export function Balances() {
  if (account.value === undefined) return <Loading rows={3} />;
  const { cash, shares } = account.value;
  const rows = [...(cash === undefined ? [] : [cash]), ...shares.values()];
  const format = (asset: string) => (asset === cash?.asset ? exactAmount : {});
  return (
    <ReadTable
      label="Balances"
      rows={rows}
      keyOf={({ asset }) => asset}
      columns={[
        { name: 'Asset', cell: ({ asset }) => <b>{asset}</b> },
        {
          name: 'Free',
          kind: 'number',
          cell: ({ asset, available }) => <Figure value={available} {...format(asset)} />,
        },
        { name: 'Held', kind: 'number', cell: ({ asset, held }) => <Figure value={held} {...format(asset)} /> },
        { name: 'All', kind: 'number', cell: ({ asset, total }) => <Figure value={total} {...format(asset)} /> },
      ]}
    />
  );
}
