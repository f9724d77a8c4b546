import { describe, expect, it } from 'vitest';
import { kafkaIngestion, Stage } from './a-stage.fixture.ts';

describe('the figures of what was done in Druid', () => {
  it('count each deed once, by the words of its event', async () => {
    const stage = new Stage(kafkaIngestion());
    await stage.settle();
    stage.edit({ suspend: true, operations: { reset: { nonce: '1' } } });
    await stage.settle();
    stage.druid.troubles.set('handOff', { kind: 'Unreachable', message: 'no answer', reason: 'Timeout' });
    stage.edit({ operations: { reset: { nonce: '2' }, handOff: { nonce: '1', taskGroupIds: [0] } } });
    await stage.settle();
    stage.druid.supervisors.delete('clicks');
    await stage.settle();
    await stage.depart();
    const counted = stage.figures.deeds().map(({ deed, operation = '', count }) => `${deed} ${operation} ${count}`);
    expect(counted).toEqual([
      ...['Submitted  1', 'Suspended  1', 'OperationDone reset 2', 'OperationUnknown handOff 1', 'Repaired  1'],
      'Terminated  1',
    ]);
  });

  it('count nothing that is only said', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.refuse = () => 'no';
    await stage.settle();
    expect(stage.figures.deeds()).toEqual([]);
  });
});
