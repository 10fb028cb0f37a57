import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explainDiskError, StartError } from '../terminal/start-error.ts';

/** The folders inside the data folder. */
export type DataPaths = {
  root: string;
  /** The embedded PostgreSQL's cluster; `--fresh` deletes it. */
  postgres: string;
  /** The data of the RabbitMQ that `--rabbitmq` starts; `--fresh` deletes it too. */
  rabbitmq: string;
  /** The data of what `--observe` starts. */
  observe: string;
  logs: string;
};

const freeMibMin = 256;
const mib = 1024 * 1024;

/**
 * Makes the data folder and checks that it can be written and has room.
 *
 * @throws StartError when it is read-only, full, nearly full, or not this user's
 */
export function prepareDataDirectory(root: string): DataPaths {
  const paths: DataPaths = {
    root,
    postgres: join(root, 'postgres'),
    rabbitmq: join(root, 'rabbitmq'),
    observe: join(root, 'observe'),
    logs: join(root, 'logs'),
  };
  try {
    makeDirectory(paths.logs);
    const probe = join(root, '.write-probe');
    writeFileSync(probe, Buffer.alloc(4096));
    rmSync(probe);
  } catch (error) {
    throw explainDiskError(error, root);
  }
  requireFreeSpace(root);
  return paths;
}

/** Deletes the embedded database and the messages on their way, and nothing else of the data folder. */
export function deleteEmbeddedDatabase(paths: DataPaths): void {
  for (const folder of [paths.postgres, paths.rabbitmq]) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      throw explainDiskError(error, folder);
    }
  }
}

// Not mkdir's `recursive`: on a read-only disk Node answers ENOENT to it instead of EROFS.
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

function requireFreeSpace(root: string): void {
  const { bavail, bsize } = statfsSync(root);
  const freeMib = Math.floor((bavail * bsize) / mib);
  if (freeMib >= freeMibMin) return;
  throw new StartError(`the disk that holds ${root} is nearly full: ${freeMib} MiB free, ${freeMibMin} MiB needed`);
}
