import { useEffect } from 'preact/hooks';
import type { Transfer } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { profile } from '../../frame/roles.ts';
import { usePages } from '../../reading/use-pages.ts';
import { ledger } from '../../rpc/clients.ts';
import { Panel } from '../../ui/panel.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { SectionTabs, sectionOf } from '../section-tabs.tsx';
import { Balances } from './balances.tsx';
import { Fees } from './fees.tsx';
import { Holds } from './holds.tsx';
import { OpenIntents } from './open-intents.tsx';
import { resumeIntents } from './send-transfer.ts';
import { Statement } from './statement.tsx';
import { TransferForm } from './transfer-form.tsx';
import { TransferTable } from './transfer-table.tsx';

const tabs = [
  { name: 'cash', text: 'Balances and transfers' },
  { name: 'statement', text: 'Statement' },
  { name: 'fees', text: 'Fees and limits' },
] as const;

/** Money: balances, transfers, statement, fees. */
export function MoneyScreen({ rest }: { rest: string }) {
  const selected = sectionOf(tabs, rest);
  const head = <SectionTabs screen="money" tabs={tabs} selected={selected} />;
  return (
    <div class="page">
      <h1>Money</h1>
      <Panel name="Money" head={head} class={selected === 'statement' ? 'sheet filled' : 'sheet'}>
        <div class="panel-body">
          <NeedsLogIn purpose="Your cash, what orders hold of it, deposits, withdrawals and your statement stand here.">
            {selected === 'cash' && <Cash />}
            {selected === 'statement' && <Statement />}
            {selected === 'fees' && <Fees />}
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}

function Cash() {
  const userId = profile.value?.userId;
  useEffect(() => {
    if (userId !== undefined) resumeIntents(userId);
  }, [userId]);
  const transfers = usePages<Transfer>(
    async (pageToken, signal) => {
      const page = await ledger.listTransfers({ pageSize: 50, pageToken }, { signal });
      return { rows: page.transfers, nextPageToken: page.nextPageToken };
    },
    { key: 'transfers', keyOf: ({ transferId }) => transferId, everyMs: 3_000 },
  );
  return (
    <div class="columns">
      <section aria-label="Balances">
        <h2>Balances</h2>
        <Balances />
        <h2>Held by orders</h2>
        <Holds />
      </section>
      <section aria-label="Transfers">
        <h2>Deposit, withdraw</h2>
        <TransferForm onSent={transfers.readNewest} />
        <OpenIntents />
        <h2>Transfers</h2>
        <TransferTable pages={transfers} />
      </section>
    </div>
  );
}
