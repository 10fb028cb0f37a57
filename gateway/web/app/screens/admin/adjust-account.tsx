import { useEffect, useState } from 'preact/hooks';
import type { GetBalancesResponse } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { withIntentKey } from '../../acting/intent-key.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { ledger } from '../../rpc/clients.ts';
import { type Failure, failureOf, failureText } from '../../rpc/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/status.tsx';
import { ledgerAdmin } from '../operations/staff-clients.ts';
import {
  type AdjustmentDraft,
  adjustmentSentence,
  beforeAndAfter,
  emptyAdjustment,
  type Free,
  freeOf,
  requestOf,
} from './adjustment-draft.ts';
import { AdjustmentFields } from './adjustment-fields.tsx';

type AdjustAccountProps = { user: User; onAdjusted: () => void };

/** Corrects what one account has of cash or shares, with a reason; its address is typed before. */
export function AdjustAccount({ user, onAdjusted }: AdjustAccountProps) {
  const [draft, setDraft] = useState(emptyAdjustment);
  const [done, setDone] = useState('');
  const { balances, failure, read } = useBalances(user.userId);
  const name = user.email || user.displayName;
  const change = (changes: Partial<AdjustmentDraft>) => {
    setDone('');
    setDraft({ ...draft, ...changes });
  };
  return (
    <section class="form" aria-label={`Adjustment of ${user.displayName}`}>
      <h2>Correct the account of {user.displayName}</h2>
      {failure !== undefined && <p class="note bad">{failureText(failure)}</p>}
      {done !== '' && <p class="note done">{done}</p>}
      {balances === undefined ? (
        failure === undefined && <Loading />
      ) : (
        <>
          <AdjustmentFields draft={draft} currency={balances.cash?.asset ?? 'USD'} onChange={change} />
          <Sending
            {...{ draft, balances, user, name }}
            onTake={(amount) => change({ amount })}
            onDone={() => {
              setDraft(emptyAdjustment);
              setDone(`The account of ${name} is corrected.`);
              read();
              onAdjusted();
            }}
            onLeave={() => setDraft(emptyAdjustment)}
          />
        </>
      )}
    </section>
  );
}

/** What an account has, read again on demand. */
function useBalances(accountId: string) {
  const [balances, setBalances] = useState<GetBalancesResponse | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    ledger.getBalances({ accountId }, { signal: ended.signal }).then(
      (answer) => {
        setFailure(undefined);
        setBalances(answer);
      },
      (error) => {
        if (!ended.signal.aborted) setFailure(failureOf(error));
      },
    );
    return () => ended.abort();
  }, [accountId, round]);
  return { balances, failure, read: () => setRound(round + 1) };
}

type SendingProps = {
  draft: AdjustmentDraft;
  balances: GetBalancesResponse;
  user: User;
  name: string;
  /** Takes as much as is free. */
  onTake: (amount: string) => void;
  onDone: () => void;
  onLeave: () => void;
};

function Sending({ draft, balances, user, name, onTake, onDone, onLeave }: SendingProps) {
  const free = freeOf(balances, draft.asset);
  if (draft.asset !== '' && beforeAndAfter(draft, free)?.isShort) return <Short {...{ draft, free, onTake }} />;
  const request = requestOf(draft, user.userId, balances.cash?.asset ?? 'USD');
  if (request === undefined) return <p class="hint">Asset, amount and reason are needed.</p>;
  return (
    <TypedName
      id="adjust-name"
      sentence={adjustmentSentence(draft, free, name)}
      name={name}
      act={draft.way === 'add' ? `Add ${draft.asset}` : `Take ${draft.asset}`}
      work={async () => {
        await withIntentKey(`adjust ${JSON.stringify(request)}`, (idempotencyKey) =>
          ledgerAdmin.adjustAccount({ idempotencyKey, ...request }),
        );
        return `The account of ${name} is corrected.`;
      }}
      onDone={onDone}
      onLeave={onLeave}
    />
  );
}

function Short({ draft, free, onTake }: { draft: AdjustmentDraft; free: Free; onTake: (amount: string) => void }) {
  const text = (amount: string) => figureText(amount, { trimmed: true });
  const { available, held } = free;
  return (
    <p class="note old" role="status">
      Needs {text(draft.amount.replace(',', '.'))} {draft.asset}; {text(available)} is free, {text(held)} is held by
      orders.{' '}
      {(parseMicros(available) ?? 0n) > 0n && (
        <Button isSmall onClick={() => onTake(available)}>
          Take {text(available)}
        </Button>
      )}
    </p>
  );
}
