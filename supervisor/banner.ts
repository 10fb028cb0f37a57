import type { RunFile } from './data/run-file.ts';
import type { Secrets } from './data/secrets.ts';
import { demoDeposit, demoPassword, demoUsers } from './demo/demo-users.ts';
import { adminEmail, operatorEmail, rabbitmqUser } from './plan/environment.ts';

/** What is printed when everything is ready: where it is, who can log in, what to try, how to stop. */
export function describeRun(run: RunFile, secrets: Secrets): string {
  const address = run.gatewayUrl.replace('http://', '');
  const logIns = demoUsers.map(({ email }) => `    ${email.padEnd(23)}${demoPassword}   (${demoDeposit} USD)`);
  return [
    '',
    `  Outcry is ready after ${((run.readyAfterMs ?? 0) / 1000).toFixed(1)} s:  ${run.gatewayUrl}`,
    ...(run.gatewayUrls.length > 1 ? [`  Also at ${run.gatewayUrls.slice(1).join(', ')}`] : []),
    '',
    '  Log in as',
    ...logIns,
    `    ${adminEmail.padEnd(23)}${secrets.adminPassword}   (administrator)`,
    `    ${operatorEmail.padEnd(23)}${secrets.operatorPassword}   (operator)`,
    ...describeRabbitmq(run, secrets),
    ...describeWatchers(run),
    '',
    '  Try',
    `    curl -s ${run.gatewayUrl}/outcry.user.v1.SessionService/LogIn -H 'content-type: application/json' \\`,
    `      -d '{"email": "${demoUsers[0]?.email}", "password": "${demoPassword}"}'`,
    `    grpcurl -plaintext -d '{"symbols": ["ACME"]}' ${address} outcry.market.v1.MarketService/StreamQuotes`,
    `    npx buf curl --protocol grpc --http2-prior-knowledge -d '{}' ${run.gatewayUrl}/outcry.market.v1.MarketService/ListInstruments`,
    '    npm run audit',
    '',
    `  Logs are in ${run.dataDirectory}/logs. Ctrl-C stops everything in order; a second one at once.`,
    '',
  ].join('\n');
}

function describeWatchers({ observing = [] }: RunFile): string[] {
  if (observing.length === 0) return [];
  return ['', '  Watched by', ...observing.map(({ name, url }) => `    ${name.padEnd(23)}${url}`)];
}

function describeRabbitmq({ rabbitmq }: RunFile, { rabbitmqPassword }: Secrets): string[] {
  if (rabbitmq === undefined) return [];
  return ['', `  RabbitMQ: ${rabbitmq.managementUrl}   (${rabbitmqUser}, ${rabbitmqPassword})`];
}
