import { describe, expect, it } from 'vitest';
import { configMap, cronJob, deployment, job, role, service, statefulSet } from './index.ts';

const pod = { containers: [{ name: 'a', image: 'a:1' }] };
const letters = (count: number) => 'a'.repeat(count);

/** Each kind with the longest name it takes, and what is said of one that is too long or has the wrong characters. */
const kinds = [
  { kind: 'ConfigMap', build: (name: string) => configMap({ name }, {}), longest: 253 },
  { kind: 'Service', build: (name: string) => service({ name }, {}), longest: 63 },
  { kind: 'Role', build: (name: string) => role({ name }, []), longest: 253 },
  { kind: 'Deployment', build: (name: string) => deployment({ name }, { selector: { a: 'b' }, pod }), longest: 253 },
  { kind: 'StatefulSet', build: (name: string) => statefulSet({ name }, { serviceName: 'a', pod }), longest: 52 },
  { kind: 'Job', build: (name: string) => job({ name }, { pod }), longest: 63 },
  { kind: 'CronJob', build: (name: string) => cronJob({ name }, { schedule: '@daily', job: { pod } }), longest: 52 },
];

describe('names of children', () => {
  it.each(kinds)('may have $longest characters: $kind', ({ build, longest, kind }) => {
    expect(build(letters(longest)).metadata.name).toHaveLength(longest);
    expect(() => build(letters(longest + 1))).toThrow(
      new RegExp(
        `^${kind}/a+: metadata.name: "a+" has ${longest + 1} characters, and ${longest} are the most there may be`,
      ),
    );
  });

  it.each([
    { build: () => configMap({ name: 'Orders' }, {}), problem: '"Orders" must be made of a-z, 0-9, "-" and "."' },
    {
      build: () => service({ name: '1st' }, {}),
      problem: '"1st" must be made of a-z, 0-9 and "-", with a letter first',
    },
    { build: () => statefulSet({ name: 'a.b' }, { serviceName: 'a', pod }), problem: '"a.b" must be made of' },
    { build: () => role({ name: '..' }, []), problem: '".." must be made of anything but' },
    { build: () => configMap({ name: '' }, {}), problem: 'metadata.name: is missing' },
  ])('are refused with a sentence: $problem', ({ build, problem }) => {
    expect(build).toThrow(problem);
  });

  it('allow a role the colons that those of Kubernetes have', () => {
    expect(role({ name: 'system:queue' }, []).metadata.name).toBe('system:queue');
  });
});

describe('labels', () => {
  it.each([
    {
      labels: { 'app.kubernetes.io/instance': letters(64) },
      problem: 'metadata.labels["app.kubernetes.io/instance"]: ',
    },
    { labels: { app: '-x' }, problem: '"-x" is no label value' },
    { labels: { 'no key!': 'x' }, problem: 'metadata.labels["no key!"]: is no label key' },
  ])('are refused as the server would refuse them: $problem', ({ labels, problem }) => {
    expect(() => configMap({ name: 'a', labels }, {})).toThrow(problem);
  });

  it('may be empty, and have upper case', () => {
    expect(configMap({ name: 'a', labels: { Tier: '', 'a.b/C_d.e': 'X_1' } }, {}).metadata.labels).toBeDefined();
  });
});

describe('names inside a pod', () => {
  it('are refused with their path', () => {
    const containers = [{ name: 'Main', ports: [{ containerPort: 1, name: 'administration-api' }] }];
    expect(() =>
      deployment({ name: 'web' }, { pod: { containers, volumes: [{ name: 'a_b', emptyDir: {} }] } }),
    ).toThrow(
      /^Deployment\/web: spec\.template\.spec\.containers\[0\]\.name: "Main" .*; spec\.template\.spec\.containers\[0\]\.ports\[0\]\.name: "administration-api" has 18 characters, and 15 .*; spec\.template\.spec\.volumes\[0\]\.name: "a_b"/,
    );
  });

  it('refuse a workload whose own name is too long for the label its pods are found by, and name the way out', () => {
    expect(() => deployment({ name: letters(64) }, { pod })).toThrow('metadata.labels["capstan.dev/deployment"]');
  });
});
