import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import packageFile from '../../../package.json' with { type: 'json' };

const gitops = new URL('../../../deploy/gitops/', import.meta.url);

/** The objects of a file, with what is asked of them here. */
interface Example {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly source?: { readonly chart?: string; readonly targetRevision: string };
    readonly chart?: { readonly spec: { readonly chart: string; readonly version: string } };
    readonly syncPolicy?: { readonly syncOptions?: readonly string[] };
    readonly healthCheckExprs?: readonly { readonly apiVersion: string; readonly kind: string }[];
  };
}

function examples(file: string): readonly Example[] {
  return parseAllDocuments(readFileSync(new URL(file, gitops), 'utf8')).map((document) => document.toJS());
}

const operators = ['druid-operator', 'prism-operator', 'streambus-operator'];

describe('the examples for Argo CD', () => {
  it('install the charts of this version', () => {
    const sources = examples('argocd/operators.yaml').map(({ spec }) => spec.source);
    expect(sources.map((source) => source?.chart).toSorted()).toEqual(operators);
    expect(new Set(sources.map((source) => source?.targetRevision))).toEqual(new Set([packageFile.version]));
  });

  it('apply on the server’s side, since a CRD is too large for an annotation', () => {
    const all = [...examples('argocd/operators.yaml'), ...examples('argocd/resources.yaml')];
    for (const { spec } of all) expect(spec.syncPolicy?.syncOptions).toContain('ServerSideApply=true');
  });
});

describe('the examples for Flux', () => {
  it('install the charts of this minor version', () => {
    const releases = examples('flux/operators.yaml').filter(({ kind }) => kind === 'HelmRelease');
    expect(releases.map(({ spec }) => spec.chart?.spec.chart).toSorted()).toEqual(operators);
    const minor = packageFile.version.replace(/\.\d+$/, '.x');
    expect(new Set(releases.map(({ spec }) => spec.chart?.spec.version))).toEqual(new Set([minor]));
  });

  it('say of every kind that Argo CD is told of when it is current', () => {
    const [configMap] = examples('argocd/argocd-cm.yaml');
    const told = Object.keys(configMap?.data ?? {}).map((key) => key.replace('resource.customizations.health.', ''));
    const expressions = examples('flux/resources.yaml').flatMap(({ spec }) => spec.healthCheckExprs ?? []);
    const kinds = expressions.map(({ apiVersion, kind }) => `${apiVersion.replace(/\/.*$/, '')}_${kind}`);
    expect(kinds.toSorted()).toEqual(told.toSorted());
  });
});
