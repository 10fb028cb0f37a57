import { useState } from 'preact/hooks';
import type { Finding } from '#gen/outcry/audit/v1/audit_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { notDone } from '../../acting/not-done.ts';
import { useAct } from '../../acting/use-act.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { Button } from '../../ui/button.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { AuditHistory, FindingTable, VerdictWord } from './audit-history.tsx';
import { audit } from './staff-clients.ts';
import { checkedText, durationText, passText, verdictText } from './verdict-text.ts';

/** The newest verdict, live; a full pass on demand, whose findings come as they are found; the history. */
export function Audit() {
  const reading = useReading(async (signal) => (await audit.getVerdict({}, { signal })).verdict, {
    key: 'newest',
    everyMs: 5_000,
  });
  return (
    <>
      <section aria-label="Newest verdict">
        <h2>Newest verdict</h2>
        <Shown reading={reading} rows={2}>
          {(verdict) =>
            verdict === undefined ? (
              <p class="status">No pass has ended yet.</p>
            ) : (
              <p class="sentence">
                <VerdictWord verdict={verdict} />. {checkedText(verdict) || 'Nothing was checked'};{' '}
                {passText(verdict.kind)} pass, {durationText(verdict.durationMs)}, begun{' '}
                <TimeCell time={verdict.startTime} />.
              </p>
            )
          }
        </Shown>
      </section>
      <FullPass onEnd={reading.readAgain} />
      <section aria-label="History">
        <h2>History</h2>
        <AuditHistory />
      </section>
    </>
  );
}

function FullPass({ onEnd }: { onEnd: () => void }) {
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const act = useAct();
  const runPass = () => {
    setFindings([]);
    return act.run(async () => {
      for await (const { message } of audit.runAudit({ findingsMax: 100 })) {
        if (message.case === 'finding') setFindings((known) => [...known, message.value]);
        if (message.case === 'verdict') {
          onEnd();
          return `${verdictText(message.value)}.`;
        }
      }
      throw notDone('the pass ended without a verdict');
    });
  };
  return (
    <section aria-label="Full pass">
      <p class="buttons">
        <Button disabled={act.isBusy} onClick={() => void runPass()}>
          {act.isBusy ? 'A full pass is running' : 'Run a full pass'}
        </Button>
      </p>
      <ActNote act={act} />
      {findings.length > 0 && <FindingTable findings={findings} />}
    </section>
  );
}
