import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClusterRole, type KubeObject, type PolicyRule, Role } from '@capstan/kube';
import { readManifests } from '@capstan/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goTool } from '../../../scripts/go-tools/go-tool.ts';
import { runProgram } from './run-program.ts';

const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));
const operators = ['streambus-operator', 'druid-operator', 'prism-operator'] as const;

/** Warnings of the Operator Framework that are not heeded, and why. */
const unheeded: readonly (readonly [about: RegExp, why: string])[] = [
  [/deprecated and removed in v1\.25.*API\(s\) for events:/, 'a rule names no version: events.k8s.io is asked as v1'],
  [
    /contains permissions to create CRD/,
    'the rule names one definition, to tell API servers who converts it; create is not in it',
  ],
  [
    /v1alpha1, Kind=PrismPattern: provided API should have an example/,
    'served for those who have it, not for new ones',
  ],
];

interface ServiceVersion {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly install: {
      readonly spec: {
        readonly clusterPermissions: readonly [{ readonly rules: readonly PolicyRule[] }];
        readonly permissions: readonly [{ readonly rules: readonly PolicyRule[] }];
        readonly deployments: readonly [{ readonly name: string; readonly spec: object }];
      };
    };
  };
}

let program: string;

beforeAll(async () => {
  program = await goTool('operator-verify');
}, 900_000);

function read(path: string): unknown {
  return parse(readFileSync(`${deploy}/${path}`, 'utf8'));
}

function serviceVersion(operator: string): ServiceVersion {
  // The program of the Operator Framework looks at its shape.
  return read(`olm/${operator}/manifests/${operator}.clusterserviceversion.yaml`) as ServiceVersion;
}

async function rulesOf(operator: string, kind: { readonly kind: string }): Promise<readonly PolicyRule[]> {
  const objects: readonly KubeObject[] = await readManifests(`${deploy}/${operator}/account.yaml`);
  return objects
    .filter((object) => object.kind === kind.kind)
    .flatMap((object) => (object as ClusterRole | Role).rules ?? []); // its kind was just compared
}

describe.each(operators)('the bundle of the %s', (operator) => {
  it('is sound by the rules of the Operator Framework and of OperatorHub.io', async () => {
    const { stdout } = await runProgram(program, [`${deploy}/olm/${operator}/manifests`]);
    const findings = stdout.split('\n').filter((line) => line !== '');
    expect(findings.filter((line) => !unheeded.some(([about]) => about.test(line)))).toEqual([]);
  });

  it('gives the operator the permissions that the single file gives it', async () => {
    const { clusterPermissions, permissions } = serviceVersion(operator).spec.install.spec;
    expect(clusterPermissions[0].rules).toEqual(await rulesOf(operator, ClusterRole));
    expect(permissions[0].rules).toEqual(await rulesOf(operator, Role));
  });

  it('runs what the single file runs, as the user that the platform gives', async () => {
    const [deployment] = serviceVersion(operator).spec.install.spec.deployments;
    const shipped = (await readManifests(`${deploy}/${operator}/deployment.yaml`)).find(
      ({ kind }) => kind === 'Deployment',
    ) as KubeObject & { readonly spec: { readonly template: { readonly spec: object } } }; // likewise
    const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
    const { template, ...rest } = shipped.spec;
    expect(deployment.spec).toEqual({
      ...rest,
      template: { ...template, spec: { ...template.spec, securityContext } },
    });
  });

  it('says in its image what it says in its annotations', () => {
    const { annotations } = read(`olm/${operator}/metadata/annotations.yaml`) as {
      annotations: Record<string, string>;
    };
    const image = readFileSync(`${deploy}/olm/${operator}/bundle.Containerfile`, 'utf8');
    const labels = [...image.matchAll(/^LABEL ([^=]+)=(.*)$/gm)].map(([, key = '', value]) => [key, value]);
    expect(Object.fromEntries(labels)).toEqual(annotations);
    expect(annotations['operators.operatorframework.io.bundle.package.v1']).toBe(operator);
  });
});

describe('a bundle that is not sound', () => {
  it('is found out', async () => {
    const verdict = runProgram(program, [`${deploy}/olm/prism-operator/metadata`]);
    await expect(verdict).rejects.toThrow();
  });
});
