import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A tool that is not part of the project. */
export type ToolName = 'k6' | 'ghz';

const sources: Record<ToolName, string> = {
  k6: 'go install go.k6.io/k6@latest, or a package of https://grafana.com/docs/k6/latest/set-up/install-k6/',
  ghz: 'go install github.com/bojand/ghz/cmd/ghz@latest, or a release of https://github.com/bojand/ghz/releases',
};

/** The path of a tool on the PATH. Throws an error that says how to get it. */
export function findTool(name: ToolName, path = process.env.PATH ?? ''): string {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  throw new Error(`${name} is not on the PATH; get it with ${sources[name]}`);
}
