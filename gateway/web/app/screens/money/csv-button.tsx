import { ActNote } from '../../acting/act-note.tsx';
import { notDone } from '../../acting/not-done.ts';
import { useAct } from '../../acting/use-act.ts';
import { accessToken } from '../../rpc/session.ts';
import { Button } from '../../ui/button.tsx';

/** Reads a table of the account as CSV, whole, and offers it as a file. */
export function CsvButton({ table }: { table: 'statement' | 'transfers' }) {
  const act = useAct();
  const download = () =>
    act.run(async () => {
      const response = await fetch(`/exports/${table}.csv`, {
        headers: { authorization: `Bearer ${await accessToken()}` },
      });
      if (!response.ok) throw notDone('the table could not be read');
      // A part that ends early rejects here: it never looks like the whole.
      save(await response.blob(), `${table}.csv`);
      return `${table}.csv is saved.`;
    });
  return (
    <>
      <Button disabled={act.isBusy} onClick={() => void download()}>
        {act.isBusy ? 'Reading' : `CSV of ${table === 'statement' ? 'all movements' : 'transfers'}`}
      </Button>
      {act.failure !== undefined && <ActNote act={act} />}
    </>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
