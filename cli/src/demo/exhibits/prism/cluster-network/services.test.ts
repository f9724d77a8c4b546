import { describe, expect, it } from 'vitest';
import { Services } from './services.ts';

describe('the Services of a cluster', () => {
  const services = new Services('{"admin.prism.svc":"127.0.0.1:4000","other.prism.svc":"127.0.0.1:4001"}');

  it('are reached by an address of their own', () => {
    const address = services.addressOf('other.prism.svc');
    expect(services.endpointAt(address ?? '')).toEqual({ host: '127.0.0.1', port: 4001 });
    expect(address).not.toBe(services.addressOf('admin.prism.svc'));
  });

  it.each(['localhost', 'admin.prism.svc.example.com', ''])('leave the name "%s" to the machine', (name) => {
    expect(services.addressOf(name)).toBeUndefined();
  });

  it.each(['127.0.0.1', '192.0.2.9', '192.0.2.0', '::1', ''])('leave the address "%s" alone', (address) => {
    expect(services.endpointAt(address)).toBeUndefined();
  });

  it.each(['null', '{"admin.prism.svc":"nowhere"}'])('cannot be read from %s', (json) => {
    expect(() => new Services(json)).toThrow('CAPSTAN_DEMO_SERVICES');
  });
});
