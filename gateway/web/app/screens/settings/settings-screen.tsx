import { Panel } from '../../ui/panel.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { SectionTabs, sectionOf } from '../section-tabs.tsx';
import { AccountSettings } from './account-settings.tsx';
import { ApiKeys } from './api-keys.tsx';
import { DisplaySettings } from './display-settings.tsx';
import { KeySettings } from './key-settings.tsx';

const tabs = [
  { name: 'display', text: 'Display and orders' },
  { name: 'letters', text: 'Keyboard' },
  { name: 'account', text: 'Account and devices' },
  { name: 'keys', text: 'API keys' },
] as const;

/** Settings: of this browser, of the account, and keys for programs. */
export function SettingsScreen({ rest }: { rest: string }) {
  const selected = sectionOf(tabs, rest);
  return (
    <div class="page">
      <h1>Settings</h1>
      <Panel name="Settings" head={<SectionTabs screen="settings" tabs={tabs} selected={selected} />} class="sheet">
        <div class="panel-body">
          <Part name={selected} />
        </div>
      </Panel>
    </div>
  );
}

function Part({ name }: { name: (typeof tabs)[number]['name'] }) {
  if (name === 'display') return <DisplaySettings />;
  if (name === 'letters') return <KeySettings />;
  if (name === 'account')
    return (
      <NeedsLogIn purpose="Your name, your password and the log-out of all devices stand here.">
        <AccountSettings />
      </NeedsLogIn>
    );
  return (
    <NeedsLogIn purpose="Keys with which programs act for you stand here.">
      <ApiKeys />
    </NeedsLogIn>
  );
}
