import { describe, expect, it } from 'vitest';
import { kafkaIngestion, Stage } from './a-stage.fixture.ts';

const at = (url: string) => ({ endpoint: { url } });

async function running(url?: string): Promise<Stage> {
  const stage = new Stage(kafkaIngestion(url === undefined ? {} : at(url)));
  stage.allowedEndpoints = ['*.example'];
  await stage.settle();
  return stage;
}

const former = 'http://a.example';

describe('an address that is changed while something is in Druid', () => {
  it.each([
    ['to another one', former, at('http://b.example')],
    ['by being taken out', former, { endpoint: {} }],
    ['by being put in', undefined, at('http://b.example')],
  ])('%s is refused, and nobody is asked', async (_how, url, spec) => {
    const stage = await running(url);
    stage.edit(spec);
    const { calls } = await stage.pass();
    expect([calls, stage.condition('Ready')?.reason]).toEqual([[], 'EndpointChanged']);
  });

  it('is the same under another spelling', async () => {
    const stage = await running(former);
    stage.edit(at('http://A.example:80/'));
    await stage.pass();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'Running' });
  });

  it('does not keep the resource from ending what it has where it has it', async () => {
    const stage = await running(former);
    stage.edit(at('http://b.example'));
    expect((await stage.depart()).end).toBe('Done');
    expect(stage.connections.map(({ url }) => url)).not.toContain('http://b.example');
    expect(stage.druid.supervisors.size).toBe(0);
  });

  it('may be corrected while nothing was taken', async () => {
    const stage = new Stage(kafkaIngestion(at('http://nobody.invalid')));
    stage.allowedEndpoints = ['*.example'];
    await stage.pass();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'EndpointNotAllowed' });
    stage.edit(at(former));
    await stage.pass();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'Running' });
  });
});
