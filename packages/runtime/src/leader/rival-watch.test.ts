import { describe, expect, it } from 'vitest';
import { LeasesInSight, YieldingProcess } from './rival-world.fixture.ts';

describe('where other operators are looked for', () => {
  it('is every namespace, by one watch', async () => {
    const process = new YieldingProcess();
    await process.clock.advance(10);
    expect(process.sight.watched).toEqual(['*']);
  });

  it('is only where it was told to', async () => {
    const process = new YieldingProcess({ namespaces: ['old', 'older'] });
    process.sight.renew('elsewhere', 'pod-1');
    await process.clock.advance(10);
    expect([process.sight.watched, process.leads]).toEqual([['old', 'older'], true]);
    process.sight.renew('older', 'pod-1');
    expect(process.leads).toBe(false);
  });

  it('is its own namespaces where it may not look into every one, which it says once', async () => {
    const process = new YieldingProcess({ sight: new LeasesInSight((namespace) => namespace !== undefined) });
    await process.clock.advance(3_600_000);
    expect([process.sight.watched, process.leads]).toEqual([['mine', 'work'], true]);
    expect(process.lines).toEqual([
      expect.objectContaining({ level: 'warn', lease: 'old-operator-lock', namespaces: ['mine', 'work'] }),
    ]);
    expect(process.said('warn')[0]).toContain('would not be noticed in others');
    process.sight.renew('work', 'pod-1');
    expect(process.leads).toBe(false);
  });

  it('is nowhere where it may look at nothing, which keeps nobody from work', async () => {
    const process = new YieldingProcess({ sight: new LeasesInSight(() => false) });
    await process.clock.advance(10);
    expect(process.leads).toBe(true);
    expect(process.said('warn')).toEqual([
      expect.stringContaining('in these namespaces only'),
      expect.stringContaining('would not be noticed in these namespaces'),
    ]);
  });

  it('grows when permission is given later', async () => {
    let isAllowed = false;
    const process = new YieldingProcess({ sight: new LeasesInSight((namespace) => isAllowed || namespace === 'mine') });
    await process.clock.advance(10);
    isAllowed = true;
    await process.clock.advance(300_000);
    expect([...process.sight.watched].sort()).toEqual(['*', 'mine', 'work']);
  });

  it('shrinks when permission is taken, which it says', async () => {
    const process = new YieldingProcess();
    await process.clock.advance(10);
    process.sight.forbid();
    await process.clock.advance(10);
    expect(process.said('warn')).toEqual(['the old operator would not be noticed any more: the permission is gone']);
    await process.clock.advance(300_000);
    expect(process.sight.watched).toEqual(['*']);
  });
});
