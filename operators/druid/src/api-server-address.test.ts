import type { ManagerContext } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { ApiServerAddress } from './api-server-address.ts';
import { AddressRules } from './druid/address-rules.ts';

describe('the API server that the operator is connected to', () => {
  it('is not called as a Druid, once it is known', () => {
    const apiServer = new ApiServerAddress();
    const rules = new AddressRules({ allowed: ['10.96.0.1'], apiServer: () => apiServer.url });
    const url = new URL('https://10.96.0.1:443');
    expect(rules.refusalOf(url, '10.96.0.1')).toBeUndefined();
    const connection: Partial<ManagerContext['connection']> = { server: 'https://10.96.0.1' };
    apiServer.runnable({ connection } as ManagerContext); // nothing else of it is looked at
    expect(rules.refusalOf(url, '10.96.0.1')).toContain('is the API server');
  });
});
