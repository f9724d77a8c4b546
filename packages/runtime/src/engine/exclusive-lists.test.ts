import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { digestOf } from './digest.ts';
import { exclusiveLists, foreignItems } from './exclusive-lists.ts';
import { seal } from './seal.ts';
import { aDesired, aLive, entryOf, names, ownEntryWith } from './testing.fixture.ts';

const http = 'k:{"port":80,"protocol":"TCP"}';
const debug = 'k:{"port":9999,"protocol":"TCP"}';
const ports = (...elements: readonly string[]) => ({
  'f:spec': { 'f:ports': Object.fromEntries(elements.map((element) => [element, { 'f:port': {} }])) },
});
const annotations = { [names.exclusiveAnnotation]: 'spec.ports' };
const service = aDesired({
  kind: 'Service',
  metadata: { name: 'a', namespace: 'n', annotations },
  spec: { ports: [{ port: 80, protocol: 'TCP' }] },
});
const own = {
  'f:metadata': { 'f:annotations': { [`f:${names.exclusiveAnnotation}`]: {} } },
  'f:spec': { 'f:ports': { [http]: { '.': {}, 'f:port': {}, 'f:protocol': {} } } },
};
const withSeal = () => {
  const entry = ownEntryWith(own);
  const seals = { ...own['f:metadata']['f:annotations'], [`f:${names.sealAnnotation}`]: {} };
  return { ...entry, fieldsV1: { ...entry.fieldsV1, 'f:metadata': { 'f:annotations': seals } } };
};
const live = (...elements: readonly string[]) => {
  const items = elements.map((element) => JSON.parse(element.slice(2)) as object);
  const theirs = elements.filter((element) => element !== http);
  const entries = theirs.length === 0 ? [] : [entryOf('somebody', ports(...theirs))];
  return aLive(service, [withSeal(), ...entries], { spec: { ports: items } });
};

describe('a list that is to be ours alone', () => {
  it('is read from the annotation of the body', () => {
    expect(exclusiveLists(service, names)).toEqual([['f:spec', 'f:ports']]);
    const dotted = aDesired({
      metadata: { name: 'a', annotations: { [names.exclusiveAnnotation]: '.spec.ports,spec.volumes' } },
    });
    expect(exclusiveLists(dotted, names)).toEqual([
      ['f:spec', 'f:ports'],
      ['f:spec', 'f:volumes'],
    ]);
    expect(exclusiveLists(aDesired(), names)).toEqual([]);
  });

  it('shows the items of others, and who added them', () => {
    expect(foreignItems(live(http, debug), own, exclusiveLists(service, names), names)).toEqual([
      {
        kind: 'Foreign',
        path: '.spec.ports[port=9999,protocol=TCP]',
        at: ['f:spec', 'f:ports', debug],
        takenBy: { manager: 'somebody', operation: 'Update' },
      },
    ]);
  });

  it('is clean without them, and drifted with them', () => {
    const sealed = seal(service, names);
    expect(decide(sealed, live(http), undefined, names, 'metadata')).toMatchObject({ verdict: 'clean' });
    expect(decide(sealed, live(http, debug), undefined, names, 'metadata')).toMatchObject({
      verdict: 'apply',
      reason: 'Drifted',
      findings: [{ kind: 'Foreign' }],
    });
  });

  it('is another state when somebody adds an item, so the cache does not take it for settled', () => {
    const digests = [live(http), live(http, debug)].map((each) => digestOf(each, names, 'metadata')?.fieldsHash);
    expect(digests[0]).not.toBe(digests[1]);
  });
});
