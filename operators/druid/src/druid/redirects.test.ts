import { describe, expect, it } from 'vitest';
import { redirectOf } from './redirects.ts';

const from = new URL('http://overlord-1.orders.svc:8081/druid/indexer/v1/supervisor');
const answer = (location: string | undefined, status = 307) => ({ status, contentType: undefined, location, text: '' });
const namespace = ['*.orders.svc'];

describe('a redirect', () => {
  it.each([307, 308])('of status %d is followed to a host that is allowed', (status) => {
    const location = 'http://overlord-0.orders.svc:8081/druid/indexer/v1/supervisor/x/suspend?a=b';
    const redirect = redirectOf(from, answer(location, status), namespace);
    expect(redirect).toEqual({ kind: 'Follow', url: new URL(location) });
  });

  it('is followed on the host itself, whatever the port, and into TLS', () => {
    const location = 'https://overlord-1.orders.svc:8281/x';
    expect(redirectOf(from, answer(location), [])).toEqual({ kind: 'Follow', url: new URL(location) });
    expect(redirectOf(from, answer('/x'), [])).toMatchObject({ kind: 'Follow', url: new URL('/x', from.href) });
  });

  it.each([200, 301, 302, 303, 304, 404])('is none where the status is %d', (status) => {
    expect(redirectOf(from, answer('http://evil.example', status), namespace)).toEqual({ kind: 'None' });
  });

  it.each([
    ['another host', 'http://evil.example/', 'may not call'],
    ['a host by another name', '//overlord-1.orders.svc.evil.example/', 'may not call'],
    ['metadata', 'http://169.254.169.254/latest', 'may not call'],
    ['a file', 'file:///etc/passwd', 'redirects to file:'],
    ['nowhere', undefined, 'nowhere'],
    ['no URL', 'http://[', 'nowhere'],
    ['credentials of its own', 'http://u:hunter22@overlord-0.orders.svc/', 'with credentials in the URL'],
  ])('to %s is refused', (_, location, says) => {
    const redirect = redirectOf(from, answer(location), namespace);
    expect(redirect).toEqual({ kind: 'Refused', message: expect.stringContaining(says) });
    expect(JSON.stringify(redirect)).not.toContain('hunter22');
  });

  it('out of TLS is refused', () => {
    const secure = new URL('https://overlord-1.orders.svc:8281/');
    expect(redirectOf(secure, answer('http://overlord-0.orders.svc/'), namespace)).toMatchObject({ kind: 'Refused' });
  });
});
