import { findProgram, pathFolders } from '#platform/local-programs/find-program.ts';

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
