import type { Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

/** One set of records that external-dns keeps at the DNS provider. */
export interface DnsRecords {
  readonly dnsName: string;
  readonly recordType: 'A' | 'AAAA' | 'CNAME';
  readonly targets: readonly string[];
  /** Seconds. */
  readonly recordTTL?: number;
  /** Tells several sets of one name and type apart, where the provider can have them. */
  readonly setIdentifier?: string;
  /** What only some providers know, such as `aws/weight`; every value is a string. */
  readonly providerSpecific?: readonly { readonly name: string; readonly value: string }[];
}

/** DNS records, where external-dns runs with the source `crd`. */
export interface DNSEndpoint extends KubeObject {
  readonly apiVersion: 'externaldns.k8s.io/v1alpha1';
  readonly kind: 'DNSEndpoint';
  readonly spec: { readonly endpoints: readonly DnsRecords[] };
  readonly status?: { readonly observedGeneration?: number };
}
export const DNSEndpoint: ResourceType<DNSEndpoint> = {
  group: 'externaldns.k8s.io',
  version: 'v1alpha1',
  kind: 'DNSEndpoint',
  plural: 'dnsendpoints',
  namespaced: true,
};

/**
 * Has external-dns keep records. See https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/crd/.
 * @throws {InvalidChildError} for records that no DNS has: none at all, a CNAME with several targets or beside others, two of one identity
 */
export function dnsEndpoint(metadata: ChildMetadata, endpoints: readonly DnsRecords[]): Draft<DNSEndpoint> {
  const problems = [
    ...(endpoints.length > 0 ? [] : ['endpoints: there is none']),
    ...endpoints.flatMap((records, index) => problemsOf(records, `endpoints[${index}]`, endpoints.slice(0, index))),
  ];
  if (problems.length > 0) throw new InvalidChildError(`DNSEndpoint/${metadata.name}`, problems);
  const draft = { apiVersion: 'externaldns.k8s.io/v1alpha1', kind: 'DNSEndpoint', metadata } as const;
  return child<DNSEndpoint>({ ...draft, spec: { endpoints } }, dnsSubdomain);
}

function problemsOf(records: DnsRecords, at: string, before: readonly DnsRecords[]): readonly string[] {
  const { dnsName, recordType, targets, setIdentifier } = records;
  const sameName = before.filter((each) => each.dnsName === dnsName);
  const isMixed = sameName.some((each) => (each.recordType === 'CNAME') !== (recordType === 'CNAME'));
  const isTwin = sameName.some((each) => each.recordType === recordType && each.setIdentifier === setIdentifier);
  return [
    ...(targets.length > 0 ? [] : [`${at}.targets: there is none`]),
    ...(recordType === 'CNAME' && targets.length > 1 ? [`${at}.targets: a CNAME has one target`] : []),
    ...(isMixed ? [`${at}.recordType: a name with a CNAME can have nothing else`] : []),
    ...(isTwin ? [`${at}.setIdentifier: another set of ${recordType} records of ${dnsName} has the same`] : []),
  ];
}
