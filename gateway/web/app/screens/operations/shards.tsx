import type { GetStandbysResponse } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { instruments } from '../../store/instruments.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { exchangeAdmin } from './staff-clients.ts';

type Shard = { shard: number; answer: GetStandbysResponse };

/** The process that serves each shard, with its standbys. */
export function Shards() {
  const shards = [...new Set([...instruments.value.values()].map(({ shard }) => shard))].toSorted((a, b) => a - b);
  const reading = useReading(
    (signal) =>
      Promise.all(
        shards.map(
          async (shard): Promise<Shard> => ({
            shard,
            answer: await exchangeAdmin.getStandbys({ shard }, { signal }),
          }),
        ),
      ),
    { key: shards.join(), everyMs: 5_000, isActive: shards.length > 0 },
  );
  return (
    <Shown reading={reading} rows={2}>
      {(rows) => (
        <ReadTable
          label="Shards"
          rows={rows}
          keyOf={({ shard }) => String(shard)}
          columns={[
            { name: 'Shard', cell: ({ shard }) => shard },
            { name: 'Held by', cell: ({ answer }) => answer.servingAddress },
            { name: 'Groups', kind: 'number', cell: ({ answer }) => answer.groupNumber.toLocaleString('en') },
            { name: 'Standbys', kind: 'wide', cell: ({ answer }) => standbysText(answer) },
          ]}
        />
      )}
    </Shown>
  );
}

function standbysText({ standbys, groupNumber }: GetStandbysResponse): string {
  if (standbys.length === 0) return 'none';
  const texts = standbys.map(({ address, groupNumber: applied }) =>
    applied === 0n ? `${address}: not reached` : `${address}: ${groupNumber - applied} groups behind`,
  );
  return texts.join(', ');
}
