import { spawn } from 'node:child_process';
import { once } from 'node:events';

const outputCharactersMax = 200_000;
const exitGraceMs = 60_000;

/** Runs a tool to its end, at most `secondsMax`, and resolves to its exit code and the end of its output. */
export async function runTool(
  program: string,
  args: readonly string[],
  options: { secondsMax: number; env?: Record<string, string> },
): Promise<{ code: number; output: string }> {
  const env = { ...process.env, ...options.env };
  const timeout = options.secondsMax * 1_000 + exitGraceMs;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = `${output}${String(chunk)}`.slice(-outputCharactersMax);
    });
  }
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : 1, output };
}
