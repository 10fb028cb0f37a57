import { describe, expect, it } from 'vitest';
import { type ClusterFacts, findMissing } from './requirements.ts';

const facts: ClusterFacts = {
  kubernetes: { major: 1, minor: 34 },
  authorizationPolicySchema: '{"serviceAccounts":{}}',
  destinationRuleSchema: '{"retryBudget":{}}',
  istioPods: [
    { label: 'pilot', serviceAccount: 'istio-system/istiod' },
    { label: 'ingress', serviceAccount: 'istio-ingress/istio-ingress' },
  ],
};
const helm = { 'ingress-label': 'ingress', 'ingress-service-account': 'istio-ingress/istio-ingress' };

describe('findMissing', () => {
  it('finds nothing where all is as the overlay says', () => {
    expect(findMissing(facts, helm)).toEqual([]);
    expect(findMissing(facts, {})).toEqual([]);
  });

  it('names a Kubernetes that is too old', () => {
    const old = { ...facts, kubernetes: { major: 1, minor: 29 } };
    expect(findMissing(old, helm)).toEqual(['Kubernetes is 1.29; 1.30 or newer is needed']);
  });

  it('distinguishes an Istio that is absent from one that is too old', () => {
    const absent = { ...facts, authorizationPolicySchema: '', destinationRuleSchema: '' };
    expect(findMissing(absent, {})).toEqual(['Istio is not installed; 1.27 or newer is needed']);
    expect(findMissing({ ...facts, destinationRuleSchema: '{}' }, {})).toEqual([
      'Istio is older than 1.27: it does not know retryBudget in DestinationRule',
    ]);
  });

  it('names the ingress that is there when the overlay names another label or identity', () => {
    const [label] = findMissing(facts, { ...helm, 'ingress-label': 'ingressgateway' });
    expect(label).toContain('no ingress has the label istio=ingressgateway');
    expect(label).toContain('istio=ingress of istio-ingress/istio-ingress');
    const [identity] = findMissing(facts, { ...helm, 'ingress-service-account': 'istio-system/other' });
    expect(identity).toContain('is istio-ingress/istio-ingress, not istio-system/other');
  });
});
