import { describe, expect, it } from 'vitest';
import { headersOf } from './pass-headers.ts';
import { PassTrace } from './pass-trace.ts';

const pass = new PassTrace('6f1e9d2c-0a4b-4c3d-8e5f-0123456789ab', 0);

describe('what requests carry', () => {
  it('is nothing outside a pass', () => {
    expect(headersOf(undefined, { isOn: true })).toEqual({});
  });

  it('is the pass within one', () => {
    expect(headersOf(pass, { isOn: false })).toEqual({ 'x-reconcile-id': pass.reconcileID });
  });

  it('is the trace as well where traces are sent, in the form of W3C', () => {
    expect(headersOf(pass, { isOn: true })).toEqual({
      'x-reconcile-id': pass.reconcileID,
      traceparent: '00-6f1e9d2c0a4b4c3d8e5f0123456789ab-8e5f0123456789ab-01',
    });
  });
});
