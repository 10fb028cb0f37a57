import { type Rule, RuleState } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { routeHash } from '../../router/route.ts';
import { go } from '../../router/router.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { automations } from './automations.ts';
import { RuleDetail } from './rule-detail.tsx';
import { RuleForm } from './rule-form.tsx';
import { ruleSentence } from './rule-sentence.ts';
import { ruleStateText } from './run-text.ts';

/** Automation: what is arranged, its runs with their reasons, and a form that ends as a sentence. */
export function AutomationScreen({ rest }: { rest: string }) {
  return (
    <div class="page">
      <h1>Automation</h1>
      <Panel name="Automation" class="sheet bare">
        <div class="panel-body">
          <NeedsLogIn purpose="Recurring orders, orders and alerts at a price, and large orders worked in slices stand here.">
            <Automations ruleId={rest} />
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}

const show = (rest: string) => go({ screen: 'automation', rest });

function Automations({ ruleId }: { ruleId: string }) {
  const pages = usePages<Rule>(
    async (pageToken, signal) => {
      const { rules, nextPageToken } = await automations.listRules({ pageSize: 100, pageToken }, { signal });
      return { rows: rules.filter(({ state }) => state !== RuleState.DELETED), nextPageToken };
    },
    { key: `rules ${ruleId === ''}`, keyOf: (rule) => rule.ruleId, everyMs: 5_000 },
  );
  const shown = pages.rows.find((rule) => rule.ruleId === ruleId);
  return (
    <div class="columns even">
      <section aria-label="Your automations">
        <h2>Your automations</h2>
        <ShownRows pages={pages} empty="No automations yet. The form makes a first one.">
          {(rows) => <RuleTable rows={rows} selected={ruleId} />}
        </ShownRows>
      </section>
      {shown === undefined ? (
        <section aria-label="New automation">
          <h2>New automation</h2>
          <RuleForm
            onMade={(rule) => {
              pages.readNewest();
              show(rule.ruleId);
            }}
          />
        </section>
      ) : (
        <div>
          <p class="back">
            <Button isSmall onClick={() => show('')}>
              Make another
            </Button>
          </p>
          <RuleDetail key={shown.ruleId} rule={shown} onChanged={pages.readNewest} onDeleted={() => show('')} />
        </div>
      )}
    </div>
  );
}

function RuleTable({ rows, selected }: { rows: readonly Rule[]; selected: string }) {
  const facts = { placesFor, zone: zone.value, nowMs: nowMs.peek() };
  return (
    <ReadTable
      label="Automations"
      rows={rows}
      keyOf={({ ruleId }) => ruleId}
      isSelected={({ ruleId }) => ruleId === selected}
      isEnded={({ state }) => state !== RuleState.ENABLED}
      columns={[
        {
          name: 'What',
          kind: 'wide',
          cell: ({ ruleId, terms }) => (
            <a href={routeHash({ screen: 'automation', rest: ruleId })}>
              {terms === undefined ? 'Automation' : ruleSentence(terms, facts)}
            </a>
          ),
        },
        { name: 'State', cell: ({ state }) => ruleStateText(state) },
        { name: 'Next', cell: ({ nextRunTime }) => <TimeCell time={nextRunTime} /> },
      ]}
    />
  );
}
