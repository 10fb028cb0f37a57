/** Finds the processes of a server that forks one for each connection. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process and all its descendants, on Linux; itself alone elsewhere. The parent comes first. */
export function processTree(pid: number): number[] {
  const children = childrenByParent();
  const found = [pid];
  for (let index = 0; index < found.length; index++) found.push(...(children.get(found[index] as number) ?? []));
  return found;
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

// The second field, the command's name, may hold spaces and brackets: fields are counted from the last bracket.
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
