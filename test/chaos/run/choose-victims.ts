import type { Victims } from '../schedule/faults.ts';

/** What there is in a system. */
export type Parts = {
  /** Replicas by service. */
  replicas: Readonly<Record<string, number>>;
  links: readonly string[];
  disk: boolean;
  bus: 'postgres' | 'amqp';
};

/** The mailbox stands for a mail server of others: it is one process, and no money depends on it. */
const servers = ['mailbox'];

/** All that a run may hit, or what belongs to one service. Throws an error when nothing has that name. */
export function chooseVictims({ replicas, links, disk, bus }: Parts, only: string | undefined): Victims {
  const named = Object.entries(replicas).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, replica) => ({ name, victim: `${name}-${replica}` })),
  );
  const isChosen = (name: string) => only === undefined || only === name;
  const victims: Victims = {
    processes: named.filter(({ name }) => isChosen(name) && !servers.includes(name)).map(({ victim }) => victim),
    servers: [
      ...(isChosen('postgres') ? ['postgres'] : []),
      ...(bus === 'amqp' && isChosen('broker') ? ['broker'] : []),
      ...named.filter(({ name }) => isChosen(name) && servers.includes(name)).map(({ victim }) => victim),
    ],
    links: links.filter((link) => isChosen(link.split('>')[0] ?? '')),
    disk: disk && isChosen('disk'),
    bus: isChosen('bus'),
  };
  const { processes, servers: others, links: chosen } = victims;
  if (processes.length + others.length + chosen.length === 0 && !victims.disk && !victims.bus)
    throw new Error(`--only names '${only}', and nothing of the system is called so`);
  return victims;
}
