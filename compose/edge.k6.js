// `docker compose --profile load run --rm k6`: reads the page and the market at the gateway at a fixed rate. Orders: `npm run load -- --tool k6`.
import { check } from 'k6';
import http from 'k6/http';

export const options = {
  scenarios: {
    reads: {
      executor: 'constant-arrival-rate',
      exec: 'reads',
      rate: 50,
      timeUnit: '1s',
      duration: '30s',
      preAllocatedVUs: 20,
      maxVUs: 100,
    },
  },
  thresholds: { checks: ['rate>0.999'], http_req_duration: ['p(99)<500'] },
};

const headers = { 'content-type': 'application/json' };

/** One read of each. */
export function reads() {
  const page = http.get(`${__ENV.TARGET}/`);
  const keys = http.post(`${__ENV.TARGET}/outcry.user.v1.SessionService/GetJwks`, '{}', { headers });
  check(page, { 'the page is there': ({ status }) => status === 200 });
  check(keys, { 'keys are there': ({ status }) => status === 200 });
}
