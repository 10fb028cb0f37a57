import { ActNote } from '../../acting/act-note.tsx';
import { notDone } from '../../acting/not-done.ts';
import { saveFile } from '../../acting/save-file.ts';
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
      saveFile(await response.blob(), `${table}.csv`);
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
