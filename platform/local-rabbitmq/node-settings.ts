import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A RabbitMQ node on this machine. */
export type NodeSettings = {
  /** Folder of its data, configuration and home; made when missing. */
  directory: string;
  ports: RabbitmqPorts;
  user: string;
  password: string;
};

/** The ports of a node, on 127.0.0.1 all. */
export type RabbitmqPorts = {
  /** For AMQP. */
  amqp: number;
  /** For the management page and its HTTP interface. */
  management: number;
  /** For Erlang's own connections, such as those of `rabbitmqctl`. */
  distribution: number;
  /** Of Erlang's name server. */
  epmd: number;
};

const host = '127.0.0.1';

/** Writes the configuration of a node; returns the environment of its processes. */
export function writeNodeSettings({ directory, ports, user, password }: NodeSettings): Record<string, string> {
  const home = join(directory, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const configuration = join(directory, 'rabbitmq.conf');
  const lines = [
    `listeners.tcp.1 = ${host}:${ports.amqp}`,
    `management.tcp.ip = ${host}`,
    `management.tcp.port = ${ports.management}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    `loopback_users.${user} = true`,
    'log.console = false',
    'log.file.level = warning',
    // A laptop's disk may have less than the memory of the machine free.
    'disk_free_limit.absolute = 200MB',
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`, { mode: 0o600 });
  const plugins = join(directory, 'enabled_plugins');
  writeFileSync(plugins, '[rabbitmq_management].\n');
  return {
    HOME: home,
    RABBITMQ_NODENAME: `outcry-${ports.amqp}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: host,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    ERL_EPMD_ADDRESS: host,
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'server.pid'),
    RABBITMQ_CONFIG_FILE: configuration,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    // Not the machine's own settings.
    RABBITMQ_CONF_ENV_FILE: join(directory, 'none'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'none.config'),
    // Two threads are enough, and Erlang's connections stay on this machine.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}',
    // The script becomes the server instead of waiting for it, so that signals reach it.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}
