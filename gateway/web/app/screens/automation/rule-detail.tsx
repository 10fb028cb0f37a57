import { useState } from 'preact/hooks';
import { type Rule, RuleState, type Run } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { routeHash } from '../../router/route.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { automations } from './automations.ts';
import { ruleSentence } from './rule-sentence.ts';
import { runText } from './run-text.ts';

type RuleDetailProps = { rule: Rule; onChanged: () => void; onDeleted: () => void };

/** One automation: its sentence, pause, deletion by a second press, and its runs. */
export function RuleDetail({ rule, onChanged, onDeleted }: RuleDetailProps) {
  const [isAsking, setAsking] = useState(false);
  const act = useAct();
  const isWaiting = rule.state === RuleState.ENABLED;
  const isAlive = isWaiting || rule.state === RuleState.PAUSED;
  const toggle = () =>
    act.run(async () => {
      await automations.setRuleEnabled({ ruleId: rule.ruleId, enabled: !isWaiting });
      onChanged();
      return isWaiting ? 'Paused. What is due meanwhile is left out.' : 'Resumed.';
    });
  const remove = () =>
    act.run(async () => {
      await automations.deleteRule({ ruleId: rule.ruleId });
      onDeleted();
      return 'Deleted.';
    });
  const terms = rule.terms;
  return (
    <section aria-label="Automation">
      <h2>{terms?.name}</h2>
      <p class="sentence">
        {terms !== undefined && ruleSentence(terms, { placesFor, zone: zone.value, nowMs: nowMs.peek() })}.
        {rule.nextRunTime !== undefined && (
          <>
            {' '}
            Next <TimeCell time={rule.nextRunTime} />.
          </>
        )}
      </p>
      <p class="buttons">
        {isAlive && (
          <Button disabled={act.isBusy} onClick={() => void toggle()}>
            {isWaiting ? 'Pause' : 'Resume'}
          </Button>
        )}
        {isAsking ? (
          <Button kind="you" disabled={act.isBusy} onClick={() => void remove()}>
            Delete it for good
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>Delete</Button>
        )}
      </p>
      <ActNote act={act} />
      <h2>Runs</h2>
      <Runs ruleId={rule.ruleId} />
    </section>
  );
}

function Runs({ ruleId }: { ruleId: string }) {
  const pages = usePages<Run>(
    async (pageToken, signal) => {
      const { runs, nextPageToken } = await automations.listRuns({ ruleId, pageSize: 50, pageToken }, { signal });
      return { rows: runs, nextPageToken };
    },
    { key: ruleId, keyOf: ({ runId }) => runId, everyMs: 3_000 },
  );
  return (
    <ShownRows pages={pages} empty="It did not run yet.">
      {(rows) => (
        <ReadTable
          label="Runs"
          rows={rows}
          keyOf={({ runId }) => runId}
          columns={[
            { name: 'Due', cell: ({ scheduledTime }) => <TimeCell time={scheduledTime} /> },
            { name: 'Outcome', kind: 'wide', cell: runText },
            {
              name: 'Order',
              cell: ({ orderId }) =>
                orderId === '' ? null : <a href={routeHash({ screen: 'orders', rest: orderId })}>the order</a>,
            },
          ]}
        />
      )}
    </ShownRows>
  );
}
