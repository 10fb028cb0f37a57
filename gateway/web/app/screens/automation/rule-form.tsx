import { useState } from 'preact/hooks';
import type { Rule } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { withIntentKey } from '../../acting/intent-key.ts';
import { notDone } from '../../acting/not-done.ts';
import { useAct } from '../../acting/use-act.ts';
import { timeText } from '../../figures/time-text.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { automations } from './automations.ts';
import { OrderFields } from './order-fields.tsx';
import { draftProblems, emptyDraft, placesOrder, type RuleDraft } from './rule-draft.ts';
import { ruleSentence } from './rule-sentence.ts';
import { termsOf } from './rule-terms.ts';
import { nextRunMs } from './schedule-words.ts';
import { TriggerFields } from './trigger-fields.tsx';

/** The form of a new automation. It ends as a sentence that says what will happen, and when next. */
export function RuleForm({ onMade }: { onMade: (rule: Rule) => void }) {
  const [draft, setDraft] = useState<RuleDraft>({ ...emptyDraft, symbol: selectedSymbol.peek() });
  const act = useAct();
  const change = (changes: Partial<RuleDraft>) => setDraft({ ...draft, ...changes });
  const problems = draftProblems(draft);
  const isReady = Object.keys(problems).length === 0;
  const arrange = (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    void act.run(async () => {
      const terms = termsOf(draft, zoneName());
      const { rule } = await withIntentKey(`rule ${JSON.stringify(draft)}`, (idempotencyKey) =>
        automations.createRule({ idempotencyKey, terms }),
      );
      if (rule === undefined) throw notDone('the answer has no automation');
      onMade(rule);
      return `Created: ${terms.name}.`;
    });
  };
  return (
    <form class="form rule" aria-label="New automation" onSubmit={arrange}>
      <RadioGroup
        name="rule-kind"
        label="Kind"
        options={[
          { value: 'recurring', text: 'Regularly' },
          { value: 'price', text: 'At a price' },
          { value: 'slice', text: 'In slices' },
        ]}
        value={draft.kind}
        onChange={(kind: RuleDraft['kind']) => change({ kind })}
      />
      <TriggerFields draft={draft} problems={problems} onChange={change} />
      {placesOrder(draft) && <OrderFields draft={draft} problems={problems} onChange={change} />}
      <p class="sentence" aria-live="polite">
        {isReady ? <Sentence draft={draft} /> : <span class="dim">{Object.values(problems)[0]}</span>}
      </p>
      <ActNote act={act} />
      <Button type="submit" kind="you" disabled={!isReady || act.isBusy}>
        Create
      </Button>
    </form>
  );
}

function Sentence({ draft }: { draft: RuleDraft }) {
  const terms = termsOf(draft, zoneName());
  const facts = { placesFor, zone: zone.value, nowMs: nowMs.value };
  const schedule = terms.trigger.case === 'schedule' ? terms.trigger.value : undefined;
  const nextMs = schedule === undefined ? undefined : nextRunMs(schedule.cron, zone.value, nowMs.value);
  const next = nextMs === undefined ? '' : `; next ${timeText(nextMs, zone.value, nowMs.value, 'minutes')}`;
  return (
    <>
      {ruleSentence(terms, facts)}
      {next}.
    </>
  );
}

// The server wants a name, also for the zone of this machine.
function zoneName(): string {
  return zone.peek().name ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
