// `npm run exchange:handover -- --shard 0`: moves a shard of the running system to a standby and prints how long matching paused.
// Exit code 0 after the move; 1 if it failed or the system does not run; 2 for a wrong command line.
//
//   --shard N    the shard, default 0
//   --to ADDR    advertised address of the standby; default: the most advanced one
//   --status     move nothing; print the leader and the standbys of the shard
//   --data DIR   data folder of the running system (default .outcry)
//   --url URL    another gateway; log in as OUTCRY_EMAIL with OUTCRY_PASSWORD, an operator or administrator
//   --json       print the answer as one line of JSON
import { parseArgs } from 'node:util';
import { createGatewayCall, findOperatorTarget, type JsonObject, logIn } from '../../../../supervisor/index.ts';

const service = 'outcry.exchange.v1.ExchangeAdminService';

function describeStatus({ servingAddress, groupNumber, standbys }: JsonObject): string {
  const lines = ((standbys ?? []) as JsonObject[]).map((standby) => {
    const behind = Number(groupNumber ?? 0) - Number(standby.groupNumber ?? 0);
    return `standby ${standby.address}, ${Math.max(0, behind)} groups behind`;
  });
  return [`served by ${servingAddress}, at group ${groupNumber ?? 0}`, ...lines].join('\n');
}

function describeHandover({ shard, fromAddress, toAddress, pauseMicros, headSequence }: JsonObject): string {
  const pauseMs = Number(pauseMicros ?? 0) / 1_000;
  return `shard ${shard ?? 0}: ${fromAddress} -> ${toAddress} at sequence ${headSequence ?? 0}, matching paused ${pauseMs.toFixed(1)} ms`;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      shard: { type: 'string', default: '0' },
      to: { type: 'string', default: '' },
      status: { type: 'boolean', default: false },
      data: { type: 'string' },
      url: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const target = findOperatorTarget(values);
  const call = createGatewayCall(target.url);
  const token = await logIn(call, target.email, target.password);
  const shard = Number(values.shard);
  const answer = values.status
    ? await call(`${service}/GetStandbys`, { shard }, token)
    : await call(`${service}/Handover`, { shard, toAddress: values.to }, token);
  if (values.json) console.log(JSON.stringify(answer));
  else console.log(values.status ? describeStatus(answer) : describeHandover(answer));
}

try {
  await run();
} catch (error) {
  console.error(`exchange:handover: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError && 'code' in error ? 2 : 1;
}
