/** What is tried of a gateway, from inside of its pod. */

/** Reads that need no log-in: each must answer 200. */
const reads = [
  ['/outcry.market.v1.MarketService/ListInstruments', '{}'],
  ['/outcry.user.v1.SessionService/GetJwks', '{}'],
  ['/', ''],
] as const;

const healthPath = '/grpc.health.v1.Health/Check';
const timeoutMs = 10_000;

/** A program that prints a line for each read, its status, and a line for each proto service behind the gateway, its health. */
export function smokeProgram(services: readonly string[], origin = 'http://127.0.0.1:9000'): string {
  const health = services.map((service) => [healthPath, JSON.stringify({ service })]);
  return `(async () => {
    for (const [path, body] of ${JSON.stringify([...reads, ...health])}) {
      const options = body === '' ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      const line = await fetch('${origin}' + path, { ...options, signal: AbortSignal.timeout(${timeoutMs}) })
        .then(async (answer) => path === '${healthPath}' ? (await answer.json()).status : (await answer.text(), answer.status))
        .catch((error) => error.message);
      console.log(String(line).split('\\n')[0]);
    }
  })()`;
}

/** What is not as it must be of what the program printed, a text for each: the read or the proto service, and its line. */
export function describeUnreached(printed: string, services: readonly string[]): string[] {
  const lines = printed.trim().split('\n');
  const expected = [
    ...reads.map(([path]) => [path, '200'] as const),
    ...services.map((name) => [name, 'SERVING'] as const),
  ];
  return expected.flatMap(([what, wanted], index) =>
    lines[index] === wanted ? [] : [`${lines[index] ?? 'nothing'} to ${what}`],
  );
}
