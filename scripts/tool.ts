import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's folder. */
export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/** How a command ended, with everything that it printed on both streams. */
export type CommandResult = { code: number; output: string };

/**
 * Runs one of the project's locked tools, such as `tsc`, in the project's folder.
 *
 * @param live shows the output while it runs, instead of collecting it
 */
export function runTool(
  tool: string,
  args: readonly string[],
  options: { live?: boolean; directory?: string } = {},
): Promise<CommandResult> {
  const binaries = join(projectDirectory, 'node_modules', '.bin');
  return new Promise((resolve) => {
    const child = spawn(join(binaries, tool), args, {
      cwd: options.directory ?? projectDirectory,
      // The tools are scripts of Node: they run on this very one.
      env: { ...process.env, PATH: [dirname(process.execPath), binaries, process.env.PATH ?? ''].join(delimiter) },
      stdio: options.live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: `${tool}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8').trim() }));
  });
}
