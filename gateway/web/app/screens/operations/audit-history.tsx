import { useState } from 'preact/hooks';
import type { Finding, Verdict } from '#gen/outcry/audit/v1/audit_pb.ts';
import { Shown } from '../../reading/shown.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { useReading } from '../../reading/use-reading.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { Empty } from '../../ui/status.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { audit } from './staff-clients.ts';
import { checkedText, durationText, passText, verdictText } from './verdict-text.ts';

/** Verdicts of all passes, newest first; one of them with its findings. */
export function AuditHistory() {
  const [filter, setFilter] = useState<'all' | 'unclean'>('all');
  const [chosen, setChosen] = useState('');
  const pages = usePages<Verdict>(
    async (pageToken, signal) => {
      const request = { pageSize: 50, pageToken, uncleanOnly: filter === 'unclean' };
      const { verdicts, nextPageToken } = await audit.listVerdicts(request, { signal });
      return { rows: verdicts, nextPageToken };
    },
    { key: filter, keyOf: ({ verdictId }) => verdictId, everyMs: 15_000 },
  );
  return (
    <>
      <RadioGroup
        name="verdicts"
        label="Verdicts"
        class="narrow"
        options={[
          { value: 'all', text: 'All passes' },
          { value: 'unclean', text: 'Not clean' },
        ]}
        value={filter}
        onChange={setFilter}
      />
      {chosen !== '' && <Findings verdictId={chosen} />}
      <ShownRows
        pages={pages}
        empty={filter === 'unclean' ? 'Every pass was clean.' : 'No pass yet; one runs every minute.'}
      >
        {(rows) => (
          <ReadTable
            label="Verdicts"
            rows={rows}
            keyOf={({ verdictId }) => verdictId}
            isSelected={({ verdictId }) => verdictId === chosen}
            columns={[
              { name: 'Begun', cell: ({ startTime }) => <TimeCell time={startTime} /> },
              { name: 'Pass', cell: ({ kind }) => passText(kind) },
              { name: 'Took', kind: 'number', cell: ({ durationMs }) => durationText(durationMs) },
              { name: 'Verdict', cell: (verdict) => <VerdictWord verdict={verdict} /> },
              { name: 'Checked', kind: 'wide', cell: checkedText },
              {
                name: 'Acts',
                kind: 'acts',
                cell: ({ clean, verdictId }) =>
                  clean ? null : (
                    <Button isSmall onClick={() => setChosen(verdictId)}>
                      Findings
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </ShownRows>
    </>
  );
}

/** What a verdict says; one that is not clean stands out. */
export function VerdictWord({ verdict }: { verdict: Verdict }) {
  const text = verdictText(verdict);
  return verdict.clean ? <span>{text}</span> : <b class="inverted flag">{text}</b>;
}

function Findings({ verdictId }: { verdictId: string }) {
  const reading = useReading((signal) => audit.getVerdict({ verdictId }, { signal }), { key: verdictId });
  return <Shown reading={reading}>{({ findings }) => <FindingTable findings={findings} />}</Shown>;
}

/** Rows that differ: what should be there, and what is. */
export function FindingTable({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return <Empty>No findings are listed.</Empty>;
  return (
    <ReadTable
      label="Findings"
      rows={findings}
      keyOf={({ rule, subject }) => `${rule} ${subject}`}
      columns={[
        { name: 'Rule', cell: ({ rule }) => <b>{rule}</b> },
        { name: 'Row', kind: 'wide', cell: ({ subject }) => subject },
        { name: 'Should be', cell: ({ expected }) => expected },
        { name: 'Is', cell: ({ found }) => found },
      ]}
    />
  );
}
