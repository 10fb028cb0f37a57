import { render } from 'preact';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { PrintedStatement } from './printed-statement.tsx';
import { readStatement } from './read-statement.ts';

type PrintStatementProps = { fromMs: number | undefined; untilMs: number | undefined };

/** Reads the statement of the period as a whole, and prints it: A4, black on white. */
export function PrintStatement({ fromMs, untilMs }: PrintStatementProps) {
  const act = useAct();
  const print = () =>
    act.run(async () => {
      const statement = await readStatement(fromMs, untilMs ?? Number.POSITIVE_INFINITY);
      const sheet = document.createElement('div');
      sheet.className = 'print-sheet';
      document.body.append(sheet);
      render(<PrintedStatement statement={statement} fromMs={fromMs} untilMs={untilMs} />, sheet);
      window.print();
      render(null, sheet);
      sheet.remove();
      return 'The statement was handed to the printer.';
    });
  return (
    <>
      <Button disabled={act.isBusy} onClick={() => void print()}>
        {act.isBusy ? 'Reading' : 'Print'}
      </Button>
      {act.failure !== undefined && <ActNote act={act} />}
    </>
  );
}
