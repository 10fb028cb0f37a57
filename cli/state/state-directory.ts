import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder of sessions and of calls without an answer: `outcry` under XDG_STATE_HOME, by default `~/.local/state`. A relative
 * XDG_STATE_HOME is ignored, as the XDG Base Directory Specification says.
 */
export function stateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const configured = env.XDG_STATE_HOME ?? '';
  const parent = isAbsolute(configured) ? configured : join(env.HOME || homedir(), '.local', 'state');
  return join(parent, 'outcry');
}
