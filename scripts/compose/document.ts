/** compose.yaml: the system on one machine, from what each service declares that it needs. */
import { busDatabase, type ServiceDefinition, services } from '../../supervisor/index.ts';

/** Names of the files in compose/secrets, which compose passes on as files. */
export const sharedSecrets = ['postgres_password', 'amqp_url', 'service_secret'] as const;

const image = `\${OUTCRY_IMAGE:-outcry/services}:\${OUTCRY_VERSION:-dev}`;
const node = '/nodejs/bin/node';
const callPort = 9_000;
const adminPort = 9_464;
const smtpPort = 2_525;
// By node:http, as fetch takes twice the time of the processor.
const probe = `require('http').get('http://127.0.0.1:${adminPort}/readyz',(a)=>process.exit(a.statusCode===200?0:1)).on('error',()=>process.exit(1))`;

/** Services that store something, and the bus: each has a database and a secret with its URL. */
export const databases = [...services.filter(({ database }) => database).map(({ name }) => name), busDatabase];

/** Name of the secret with the URL of a database. */
export function databaseSecret(name: string): string {
  return `database_url_${name}`;
}

/** The document, as data. */
export function composeDocument() {
  const ofServices = Object.fromEntries(services.map((service) => [service.name, composeService(service)]));
  const names = [
    ...[...sharedSecrets, 'admin_password', 'operator_password', 'grafana_password', 'jwks'],
    ...databases.filter((name) => name !== busDatabase).map(databaseSecret),
    ...services.map(({ name }) => keySecret(name)),
  ];
  return {
    name: 'outcry',
    services: { ...servers(), ...ofServices, ...watchers() },
    volumes: { postgres: {}, rabbitmq: {}, prometheus: {}, grafana: {} },
    secrets: Object.fromEntries(names.map((name) => [name, { file: `./compose/secrets/${name}` }])),
  };
}

function composeService(service: ServiceDefinition) {
  const secrets = secretsOf(service);
  const isGateway = service.name === 'gateway';
  return {
    image,
    command: [...heapFlags(service), service.main.replace(/\.ts$/, '.mjs')],
    env_file: ['.env'],
    environment: environmentOf(service),
    secrets,
    depends_on: dependencies(service),
    healthcheck: check([node, '-e', probe]),
    restart: 'unless-stopped',
    stop_grace_period: '20s',
    ...(isGateway ? { ports: [`\${OUTCRY_PUBLISH:-127.0.0.1:8080}:${callPort}`] } : {}),
    ...(service.name === 'simulator' ? { profiles: ['simulator'] } : {}),
  };
}

/** Without them V8 takes its bounds from the memory of the whole machine. */
function heapFlags({ heapMaxMib, semiSpaceMaxMib }: ServiceDefinition): string[] {
  return [`--max-old-space-size=${heapMaxMib}`, `--max-semi-space-size=${semiSpaceMaxMib}`];
}

function environmentOf(service: ServiceDefinition): Record<string, string> {
  const { name, calls, database, bus, secret } = service;
  const file = (secretName: string) => `/run/secrets/${secretName}`;
  return {
    OUTCRY_HOST: '0.0.0.0',
    OUTCRY_PORT: String(callPort),
    OUTCRY_ADMIN_PORT: String(adminPort),
    SERVICE_KEY_FILE: file(keySecret(name)),
    SERVICE_JWKS_FILE: file('jwks'),
    ...Object.fromEntries(calls.map((callee) => [`${callee.toUpperCase()}_ADDRESS`, `dns:///${callee}:${callPort}`])),
    ...(database ? { DATABASE_URL_FILE: file(databaseSecret(name)) } : {}),
    ...(bus ? { AMQP_URL_FILE: file('amqp_url') } : {}),
    ...(secret ? { SERVICE_SECRET_FILE: file('service_secret') } : {}),
    ...ownSettings(name, file),
  };
}

function ownSettings(name: string, file: (secret: string) => string): Record<string, string> {
  switch (name) {
    case 'user':
      return {
        BOOTSTRAP_ADMIN_EMAIL: `\${OUTCRY_ADMIN_EMAIL:-admin@example.com}`,
        BOOTSTRAP_ADMIN_PASSWORD_FILE: file('admin_password'),
        BOOTSTRAP_OPERATOR_EMAIL: `\${OUTCRY_OPERATOR_EMAIL:-operator@example.com}`,
        BOOTSTRAP_OPERATOR_PASSWORD_FILE: file('operator_password'),
      };
    case 'notification':
      return {
        SMTP_URL: `\${SMTP_URL:-smtp://mailbox:${smtpPort}}`,
        PUBLIC_URL: `\${PUBLIC_URL:-http://localhost:8080}`,
      };
    case 'mailbox':
      return { MAILBOX_SMTP_PORT: String(smtpPort) };
    default:
      return {};
  }
}

function secretsOf({ name, database, bus, secret }: ServiceDefinition): string[] {
  return [
    keySecret(name),
    'jwks',
    ...(database ? [databaseSecret(name)] : []),
    ...(bus ? ['amqp_url'] : []),
    ...(secret ? ['service_secret'] : []),
    ...(name === 'user' ? ['admin_password', 'operator_password'] : []),
  ];
}

function dependencies({ name, database, bus }: ServiceDefinition) {
  // Services find each other when they are there; what takes load in waits for all that it calls.
  const others = name === 'gateway' || name === 'simulator' ? ['user', 'ledger', 'order', 'market', 'exchange'] : [];
  const names = [...(database ? ['postgres'] : []), ...(bus ? ['rabbitmq'] : []), ...others];
  return Object.fromEntries(names.map((dependency) => [dependency, { condition: 'service_healthy' }]));
}

function servers() {
  return {
    postgres: {
      image: `\${POSTGRES_IMAGE:-postgres:17}`,
      environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/postgres_password' },
      command: [
        'postgres',
        '-c',
        'max_connections=300',
        '-c',
        'log_min_duration_statement=500',
        '-c',
        'log_parameter_max_length=0',
      ],
      secrets: ['postgres_password'],
      volumes: [
        'postgres:/var/lib/postgresql/data',
        './compose/databases.sql:/docker-entrypoint-initdb.d/databases.sql:ro',
      ],
      healthcheck: check(['pg_isready', '-h', '127.0.0.1', '-U', 'postgres', '-d', 'outcry_bus']),
      restart: 'unless-stopped',
      stop_grace_period: '60s',
    },
    rabbitmq: {
      image: `\${RABBITMQ_IMAGE:-rabbitmq:4-management}`,
      hostname: 'rabbitmq',
      ports: [`\${RABBITMQ_PUBLISH:-127.0.0.1:15672}:15672`],
      // Its image takes no password from a file but in its own configuration.
      volumes: ['rabbitmq:/var/lib/rabbitmq', './compose/secrets/rabbitmq.conf:/etc/rabbitmq/conf.d/20-outcry.conf:ro'],
      healthcheck: check(['rabbitmq-diagnostics', '-q', 'check_port_connectivity']),
      restart: 'unless-stopped',
    },
  };
}

function watchers() {
  const watcher = { profiles: ['watch'], restart: 'unless-stopped' };
  return {
    prometheus: {
      image: 'prom/prometheus:v3.5.0',
      ...watcher,
      command: ['--config.file=/etc/prometheus/prometheus.yaml', '--storage.tsdb.retention.time=15d'],
      volumes: [
        './compose/prometheus.yaml:/etc/prometheus/prometheus.yaml:ro',
        './k8s/observability/rules:/etc/prometheus/rules:ro',
        'prometheus:/prometheus',
      ],
      ports: [`\${PROMETHEUS_PUBLISH:-127.0.0.1:9090}:9090`],
    },
    grafana: {
      image: 'grafana/grafana:12.1.1',
      ...watcher,
      environment: {
        GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana_password',
        PROMETHEUS_URL: 'http://prometheus:9090',
        OUTCRY_DASHBOARDS: '/dashboards',
      },
      secrets: ['grafana_password'],
      volumes: [
        './k8s/observability/grafana:/etc/grafana/provisioning:ro',
        './k8s/observability/dashboards:/dashboards:ro',
        'grafana:/var/lib/grafana',
      ],
      ports: [`\${GRAFANA_PUBLISH:-127.0.0.1:3000}:3000`],
    },
    collector: {
      image: 'otel/opentelemetry-collector-contrib:0.135.0',
      ...watcher,
      command: ['--config=/etc/collector.yaml'],
      environment: { TRACES_ENDPOINT: 'jaeger:4317' },
      volumes: ['./k8s/observability/collector.yaml:/etc/collector.yaml:ro'],
    },
    jaeger: {
      image: 'jaegertracing/jaeger:2.10.0',
      ...watcher,
      ports: [`\${JAEGER_PUBLISH:-127.0.0.1:16686}:16686`],
    },
    k6: {
      image: 'grafana/k6:1.2.3',
      profiles: ['load'],
      command: ['run', '/edge.k6.js'],
      environment: { TARGET: `http://gateway:${callPort}` },
      volumes: ['./compose/edge.k6.js:/edge.k6.js:ro'],
    },
  };
}

// A check starts a process: half a second of a processor for the broker's, 0.06 s for a service's.
function check(command: string[]) {
  return { test: ['CMD', ...command], interval: '10s', timeout: '5s', retries: 12, start_period: '20s' };
}

/** Name of the secret with the private keys of a service. */
export function keySecret(service: string): string {
  return `key_${service}`;
}

/** The configuration of Prometheus: every process, and the rules. */
export function prometheusDocument() {
  return {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    rule_files: ['rules/alerts.yaml', 'rules/service-levels.yaml'],
    scrape_configs: [
      {
        job_name: 'outcry',
        // A name stands for every replica. Read often, as a deployment leaves addresses that no longer answer behind.
        dns_sd_configs: [
          { names: services.map(({ name }) => name), type: 'A', port: adminPort, refresh_interval: '5s' },
        ],
        // An alert that names an address alone says nothing of the service.
        relabel_configs: [
          { source_labels: ['__meta_dns_name', '__address__'], separator: '/', target_label: 'instance' },
        ],
      },
    ],
  };
}
