/** Makes the processes of the tests reach the hosts of the ingress, whatever the machine knows of them. */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../../scripts/mesh/index.ts';
import { ingressAddress, readParameters } from './cluster.ts';

/** The variable with the addresses of hosts, as JSON. */
export const hostsVariable = 'OUTCRY_MESH_HOSTS';

/**
 * Trusts the authorities that the certificates of the hosts have beside them, if they have any, in processes that are started from here on: Node,
 * grpcurl, k6.
 */
export async function trustIngress(): Promise<void> {
  const parameters = await readParameters();
  const namespace = parameters['ingress-service-account']?.split('/')[0] ?? '';
  const names = [parameters['tls-secret'], parameters['operators-tls-secret']].filter((name) => name !== undefined);
  const read = (name: string) =>
    kubectl(['-n', namespace, 'get', 'secret', name, '-o', 'jsonpath={.data.ca\\.crt}']).catch(() => '');
  const authorities = (await Promise.all(names.map(read))).map((text) => Buffer.from(text, 'base64').toString('utf8'));
  if (authorities.join('') === '') return;
  const directory = await mkdtemp(join(tmpdir(), 'outcry-mesh-'));
  // What is started later reads it, up to the end.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'authorities.crt');
  await writeFile(file, authorities.join('\n'));
  process.env.NODE_EXTRA_CA_CERTS = file;
  process.env.SSL_CERT_FILE = file;
}

/** Names the address of the ingress's hosts to processes that are started from here on. */
export async function setHosts(): Promise<void> {
  const { host = '*', 'operators-host': operatorsHost = '' } = await readParameters();
  const { hostname } = new URL(`https://${await ingressAddress()}`);
  if (isIP(hostname) === 0) return;
  const hosts = [host, operatorsHost].filter((one) => one !== '*' && one !== '');
  process.env[hostsVariable] = JSON.stringify(Object.fromEntries(hosts.map((one) => [one, hostname])));
}
