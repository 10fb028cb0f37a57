/** Versions of a service that are bad in one way: the image that runs, with a module that Node loads before it. */

/** The settings that make a version of the image that runs. */
export type BadVersion = Readonly<Record<string, string>>;

// What runs beside the service in its container has the same environment, and is none of the version.
const isService = "process.argv[1]?.endsWith('/main.mjs')";

function loading(program: string): BadVersion {
  return { NODE_OPTIONS: `--import=data:text/javascript;base64,${Buffer.from(program).toString('base64')}` };
}

/** Its processor is busy for 0.7 s of each second, so that most calls wait. */
export const slowVersion = loading(
  `const busy = () => { for (const end = Date.now() + 700; Date.now() < end; ); };
if (${isService}) setTimeout(() => setInterval(busy, 1000), 5000);`,
);

/** It never gives 4 MB a second back, until it has 240 MB too many. */
export const leakingVersion = loading(
  `const kept = [];
if (${isService}) setInterval(() => { if (kept.length < 60) kept.push(Buffer.alloc(4e6, 1)); }, 1000);`,
);

/** The ledger with another text in the place of what `pattern`, a literal, finds in its bundle. */
function changingLedger(pattern: string, replacement: string): BadVersion {
  return loading(
    `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  const loaded = next(url, context);
  if (!url.endsWith('/ledger/main.mjs')) return loaded;
  const source = String(loaded.source);
  const changed = source.replace(${pattern}, ${JSON.stringify(replacement)});
  if (changed === source) throw new Error('the fee is computed elsewhere');
  return { ...loaded, source: changed };
} });`,
  );
}

/** It reserves a unit more for the fee of what an order may still trade than the order's plan asks for. */
export const dearVersion = changingLedger('/"ceil"\\) \\* unit/', '"ceil") * unit + (restMicros > 0n ? unit : 0n)');

/** It takes a cent more from who sells than the fee is. */
export const overchargingVersion = changingLedger(
  '/(chargedFeeMicros\\d*)\\(terms, next\\) - \\1\\(terms, progress\\)/',
  '$& + (terms.side === "sell" ? 10000n : 0n)',
);
