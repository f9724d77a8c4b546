import { describe, expect, it } from 'vitest';
import { defaultLimits } from './druid-limits.ts';
import { DruidLines } from './druid-lines.ts';

const druid = (index: number) => new URL(`http://router-${index}.orders.svc:8888/`);

describe('the lines to Druids', () => {
  it('are shared by all who call one Druid, whatever the path, and trust the same', () => {
    const lines = new DruidLines(defaultLimits);
    expect(lines.to(new URL('/below', druid(1).href), undefined)).toBe(lines.to(druid(1), undefined));
    expect(lines.to(druid(1), 'PEM')).not.toBe(lines.to(druid(1), undefined));
    expect(lines.to(druid(2), undefined)).not.toBe(lines.to(druid(1), undefined));
  });

  it('are forgotten when there are many others, but not while a call is under way', async () => {
    const lines = new DruidLines(defaultLimits);
    const idle = lines.to(druid(-1), undefined);
    const busy = lines.to(druid(-2), undefined);
    await busy.gateFor('Halt').enter();
    for (let index = 0; index < 300; index += 1) lines.to(druid(index), undefined);
    expect(lines.to(druid(-2), undefined)).toBe(busy);
    expect(lines.to(druid(-1), undefined)).not.toBe(idle);
  });
});
