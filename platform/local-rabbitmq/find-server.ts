import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where packages put the server's own script; what Debian has on the PATH changes to a user of its own first. */
const packageFolders = ['/usr/lib/rabbitmq/bin', '/opt/homebrew/opt/rabbitmq/sbin', '/usr/local/opt/rabbitmq/sbin'];

/** The path of an installed `rabbitmq-server`; undefined when there is none. */
export function findRabbitmqServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('rabbitmq-server', [...packageFolders, ...pathFolders(env)]);
}

/** The path of Erlang's name server, which nodes of RabbitMQ need; undefined when there is none. */
export function findEpmd(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('epmd', pathFolders(env));
}

function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
}

function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
