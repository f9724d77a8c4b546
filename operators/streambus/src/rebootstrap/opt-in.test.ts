import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { offerText, reBootstrapAnnotation, sizeOptedFor } from './opt-in.ts';

function opted(text: string | undefined, bootstrapReplicas: number | undefined = 3): StreamBusCluster {
  const cluster = aCluster(bootstrapReplicas === undefined ? {} : { status: { bootstrapReplicas } });
  const annotations = text === undefined ? {} : { [reBootstrapAnnotation]: text };
  return { ...cluster, metadata: { ...cluster.metadata, annotations } };
}

describe('the size that a user opts for', () => {
  it.each([
    ['5', 5],
    ['1', 1],
    ['50', 50],
    [undefined, undefined],
    ['3', undefined],
    ['51', undefined],
    ['0', undefined],
    ['05', undefined],
    ['-1', undefined],
    ['5 ', undefined],
    ['five', undefined],
    ['', undefined],
  ])('is what annotation %o says, where that is another size that can be', (text, size) => {
    expect(sizeOptedFor(opted(text))).toBe(size);
  });

  it('means nothing before the cluster has started', () => {
    const { status: _none, ...fresh } = opted('5');
    expect(sizeOptedFor(fresh)).toBeUndefined();
  });

  it('is a size from 1 to 50 or nothing, whatever is written', () => {
    const texts = fc.oneof(fc.string(), fc.integer({ min: -10, max: 200 }).map(String));
    fc.assert(
      fc.property(texts, (text) => {
        const size = sizeOptedFor(opted(text));
        if (size !== undefined) expect([size >= 1 && size <= 50, `${size}`]).toEqual([true, text]);
      }),
    );
  });
});

describe('the offer', () => {
  it('says what is stopped, what is kept, what is lost and how to forget about it', () => {
    expect(offerText('orders', 3, 5)).toBe(
      'spec.replicas may be set to 5. The operator then stops all 3 brokers (clients wait for about a minute), deletes the raft ' +
        'volumes (claims raft-data-orders-N) and starts 5 brokers. Messages, and topics made over the client port, are kept; topics ' +
        'made over the HTTP API are lost: note them now, GET /api/v1/topics. ' +
        'Remove the annotation streambus.io/re-bootstrap-to to forget about it.',
    );
  });

  it.each([
    [3, 2, 'The messages on broker 2 stay on their volumes, and nobody serves them.'],
    [5, 3, 'The messages on brokers 3 to 4 stay on their volumes, and nobody serves them.'],
  ])('from %i to %i names the brokers whose messages nobody would serve', (from, to, sentence) => {
    expect(offerText('orders', from, to)).toContain(sentence);
  });
});
