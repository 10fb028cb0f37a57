import { Dialog } from './dialog.tsx';

/** What the app is made of, and of whom. */
export function About() {
  return (
    <Dialog title="About">
      <p>Outcry: a brokerage and an exchange that a team runs itself.</p>
      <p>
        Charts by{' '}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView Lightweight Charts™
        </a>
        , Copyright (c) 2025 TradingView, Inc., under the Apache License, version 2.0.
      </p>
      <p>Type: Archivo by the Archivo Project Authors, under the SIL Open Font License, version 1.1.</p>
      <p>
        For programs: <a href="/openapi.json">OpenAPI</a>, <a href="/requests.http">requests</a>,{' '}
        <a href="#/settings/keys">API keys</a>, <a href="#/inbox/mail">mailbox of this system</a>.
      </p>
    </Dialog>
  );
}
