/** The web app. */
import './main.css';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';

const market = createClient(MarketService, createConnectTransport({ baseUrl: '/', useHttpGet: true }));
const symbols = signal('');

async function showSymbols(): Promise<void> {
  const { instruments } = await market.listInstruments({});
  symbols.value = instruments.map(({ symbol }) => symbol).join(' ');
}

function App() {
  return (
    <main>
      <h1>Outcry</h1>
      <p>{symbols}</p>
    </main>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
void showSymbols();
