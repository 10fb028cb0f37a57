import { useState } from 'preact/hooks';
import { LotMethod } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { portfolio } from '../../rpc/clients.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';

const methods = [
  { value: 'fifo', method: LotMethod.FIFO, text: 'Oldest first' },
  { value: 'lifo', method: LotMethod.LIFO, text: 'Newest first' },
  { value: 'hifo', method: LotMethod.HIFO, text: 'Dearest first' },
] as const;
type Choice = (typeof methods)[number];

/** From which lots sales take; a change is for the sales after it. */
export function LotMethodForm() {
  const reading = useReading((signal) => portfolio.getLotMethod({}, { signal }), { key: 'lot method' });
  return (
    <section aria-label="Lots of later sales">
      <h2>Later sales take the lots</h2>
      <Shown reading={reading} rows={1}>
        {({ method }) => <Choose stored={method} />}
      </Shown>
      <p class="hint">
        First in, first out (FIFO); last in, first out (LIFO); or the highest cost first (HIFO). Sales that are settled
        stay as they are, and average cost does not depend on it.
      </p>
    </section>
  );
}

function Choose({ stored }: { stored: LotMethod }) {
  const [current, setCurrent] = useState(stored);
  const [chosen, setChosen] = useState<Choice | undefined>(undefined);
  const act = useAct();
  const shown = chosen ?? choiceOf(current);
  const save = (event: Event) => {
    event.preventDefault();
    if (shown === undefined) return;
    void act.run(async () => {
      const { method } = await portfolio.setLotMethod({ method: shown.method });
      setCurrent(method);
      setChosen(undefined);
      return `Sales from now on: ${choiceOf(method)?.text}.`;
    });
  };
  return (
    <form class="form" aria-label="Method of lots" onSubmit={save}>
      <RadioGroup
        name="lot-method"
        label="Sales take from"
        options={methods}
        value={shown?.value}
        onChange={(value) => setChosen(methods.find((one) => one.value === value))}
      />
      <ActNote act={act} />
      <Button type="submit" disabled={act.isBusy || shown?.method === current}>
        Use it for later sales
      </Button>
    </form>
  );
}

function choiceOf(method: LotMethod): Choice | undefined {
  return methods.find((one) => one.method === method);
}
