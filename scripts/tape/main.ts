// `npm run tape`: records a day of a running system, and plays it; docs/tape.md. Exit code 0 when it is done, 1 when something went wrong or
// it was interrupted, 2 for a wrong command line.
import { findAdminTarget } from '../../supervisor/index.ts';
import { readCommand, type TapeCommand, UsageError, usage } from './flags.ts';
import { summarize, symbolsMax } from './format/read-tape.ts';
import { listSteps } from './instruments.ts';
import { writeOutcome } from './outcome/outcome.ts';
import { credentialsOf, openAccounts } from './play/accounts.ts';
import { createTapeClock } from './play/clock.ts';
import { createControls, readKeys } from './play/controls.ts';
import { play } from './play/play.ts';
import { createScreen } from './play/screen.ts';
import { createTapeTrader } from './play/trader.ts';
import { record } from './record/record.ts';
import { openPublicSession, openSession } from './session.ts';

type CommandOf<Name> = TapeCommand & { name: Name };

async function runShow({ path }: CommandOf<'show'>): Promise<void> {
  const { firstMs, lastMs, ...rest } = await summarize(path);
  console.log(JSON.stringify({ ...rest, from: new Date(firstMs).toISOString(), to: new Date(lastMs).toISOString() }));
}

async function runRecord(command: CommandOf<'record'>, signal: AbortSignal): Promise<void> {
  const url = command.target.url ?? findAdminTarget(command.target).url;
  const call = openPublicSession(url, signal);
  const symbols =
    command.symbols.length > 0 ? command.symbols : [...(await listSteps(call)).keys()].slice(0, symbolsMax);
  const { time } = await call('outcry.market.v1.MarketService/GetClock', {});
  const toMs = command.toMs ?? Date.parse(String(time));
  const fromMs = command.fromMs ?? Date.parse(new Date(toMs).toISOString().slice(0, 10));
  const rows = await record({ path: command.path, call, symbols, fromMs, toMs });
  console.log(`${command.path}: ${rows} rows of ${symbols.length} instruments`);
}

async function runPlay(command: CommandOf<'play'>, interrupt: AbortController): Promise<void> {
  const { signal } = interrupt;
  const { path, speed, beatMs, groupsMax, isJson } = command;
  const { url, ...credentials } = findAdminTarget(command.target);
  const admin = openSession(url, credentials, signal);
  const steps = await listSteps(admin);
  const summary = await summarize(path, steps);
  const { symbols } = summary;
  const calls = await openAccounts({ url, admin, secret: credentials.password, symbols, steps, signal });
  const trader = createTapeTrader(calls, summary.id, signal);
  const controls = createControls({ isPaused: command.isPaused });
  const screen = createScreen({ output: process.stderr, speed, isPaused: () => controls.isPaused });
  using _keys = readKeys(process.stdin, {
    toggle() {
      controls.toggle();
      screen.renew();
    },
    step: controls.step,
    // Reaches the whole group of the terminal, as Ctrl-C does where the keys are not read.
    interrupt: () => process.kill(0, 'SIGINT'),
  });
  const range = { fromMs: command.fromMs, toMs: command.toMs };
  const common = { path, summary, steps, clock: createTapeClock(admin), trader, controls, speed, beatMs, ...range };
  const outcome = await play({ ...common, groupsMax, onGroup: screen.show, signal });
  screen.end(outcome, trader.counts);
  if (isJson) {
    const { refused, ...counts } = trader.counts;
    const time = new Date(outcome.timeMs).toISOString();
    console.log(
      JSON.stringify({ ...outcome, timeMs: undefined, time, ...counts, refused: Object.fromEntries(refused) }),
    );
  }
}

async function runOutcome({ path, target }: CommandOf<'outcome'>, signal: AbortSignal): Promise<void> {
  const { url, password } = findAdminTarget(target);
  const market = openPublicSession(url, signal);
  const accountOf = (trader: 'maker' | 'taker') => openSession(url, credentialsOf(trader, password), signal);
  const accounts = { maker: accountOf('maker'), taker: accountOf('taker') };
  const symbols = [...(await listSteps(market)).keys()].slice(0, symbolsMax);
  console.log(JSON.stringify(await writeOutcome({ path, market, accounts, symbols })));
}

async function run(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interrupt.abort(new Error('it was interrupted; the same command goes on')));
  }
  if (command.name === 'show') await runShow(command);
  else if (command.name === 'record') await runRecord(command, interrupt.signal);
  else if (command.name === 'outcome') await runOutcome(command, interrupt.signal);
  else await runPlay(command, interrupt);
  interrupt.signal.throwIfAborted();
}

try {
  await run();
} catch (error) {
  console.error(`tape: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) console.error(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
