/** The program of the Operator SDK that carries the tests out. */
const image = 'quay.io/operator-framework/scorecard-test:v1.39.2';

const suites = [
  ['basic', 'basic-check-spec'],
  ['olm', 'olm-bundle-validation'],
  ['olm', 'olm-crds-have-validation'],
  ['olm', 'olm-crds-have-resources'],
  ['olm', 'olm-spec-descriptors'],
  ['olm', 'olm-status-descriptors'],
] as const;

/** What `operator-sdk scorecard` is to look at in a bundle: all that it knows. */
export function scorecard(): object {
  const tests = suites.map(([suite, test]) => ({
    image,
    entrypoint: ['scorecard-test', test],
    labels: { suite, test: `${test}-test` },
    storage: { spec: { mountPath: {} } },
  }));
  return {
    apiVersion: 'scorecard.operatorframework.io/v1alpha3',
    kind: 'Configuration',
    metadata: { name: 'config' },
    stages: [{ parallel: true, tests }],
    storage: { spec: { mountPath: {} } },
  };
}
