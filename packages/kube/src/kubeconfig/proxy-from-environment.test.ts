import { describe, expect, it } from 'vitest';
import { proxyFromEnvironment } from './proxy-from-environment.ts';

const proxy = 'http://proxy:3128';

describe('the proxy of the environment', () => {
  it.each([
    { server: 'https://api:6443', env: {}, to: undefined },
    { server: 'https://api:6443', env: { HTTPS_PROXY: proxy }, to: proxy },
    { server: 'https://api:6443', env: { https_proxy: proxy }, to: proxy },
    { server: 'https://api:6443', env: { HTTPS_PROXY: proxy, https_proxy: 'http://lower' }, to: proxy },
    { server: 'https://api:6443', env: { HTTP_PROXY: proxy }, to: undefined },
    { server: 'http://api:8080', env: { HTTP_PROXY: proxy }, to: proxy },
    { server: 'https://api:6443', env: { HTTPS_PROXY: 'proxy:3128' }, to: proxy },
    { server: 'https://api:6443', env: { HTTPS_PROXY: 'http://proxy:3128/' }, to: proxy },
    { server: 'https://localhost:6443', env: { HTTPS_PROXY: proxy }, to: undefined },
    { server: 'https://127.0.0.1:6443', env: { HTTPS_PROXY: proxy }, to: undefined },
    { server: 'https://[::1]:6443', env: { HTTPS_PROXY: proxy }, to: undefined },
  ])('to $server with $env is $to', ({ server, env, to }) => {
    expect(proxyFromEnvironment(new URL(server), env)).toBe(to);
  });

  it.each([
    { server: 'https://api.acme.com', noProxy: '*', direct: true },
    { server: 'https://api.acme.com', noProxy: 'acme.com', direct: true },
    { server: 'https://acme.com', noProxy: 'acme.com', direct: true },
    { server: 'https://acme.com', noProxy: 'ACME.com', direct: true },
    { server: 'https://notacme.com', noProxy: 'acme.com', direct: false },
    { server: 'https://api.acme.com', noProxy: '.acme.com', direct: true },
    { server: 'https://acme.com', noProxy: '.acme.com', direct: false },
    { server: 'https://api.acme.com', noProxy: '*.acme.com', direct: true },
    { server: 'https://acme.com', noProxy: '*.acme.com', direct: false },
    { server: 'https://api.acme.com', noProxy: 'other, acme.com ', direct: true },
    { server: 'https://api.acme.com:6443', noProxy: 'acme.com:6443', direct: true },
    { server: 'https://api.acme.com', noProxy: 'acme.com:443', direct: true },
    { server: 'https://api.acme.com:6443', noProxy: 'acme.com:443', direct: false },
    { server: 'https://10.1.2.3', noProxy: '10.0.0.0/8', direct: true },
    { server: 'https://11.1.2.3', noProxy: '10.0.0.0/8', direct: false },
    { server: 'https://10.1.2.3:6443', noProxy: '10.1.2.3', direct: true },
    { server: 'https://10.1.2.3:6443', noProxy: '10.1.2.3:443', direct: false },
    { server: 'https://[fd00::1]:6443', noProxy: 'fd00::/8', direct: true },
    { server: 'https://[fd00::1]:6443', noProxy: '[fd00::1]:6443', direct: true },
    { server: 'https://api.acme.com', noProxy: '10.0.0.0/8', direct: false },
    { server: 'https://api.acme.com', noProxy: ',', direct: false },
    { server: 'https://api.acme.com', noProxy: '10.0.0.0/99', direct: false },
  ])('to $server with NO_PROXY=$noProxy is skipped: $direct', ({ server, noProxy, direct }) => {
    const env = { HTTPS_PROXY: proxy, NO_PROXY: noProxy };
    expect(proxyFromEnvironment(new URL(server), env)).toBe(direct ? undefined : proxy);
  });
});
