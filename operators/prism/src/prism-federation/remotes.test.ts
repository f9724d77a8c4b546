import { seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { aDecision, aFederation } from './a-federation.fixture.ts';
import { Remotes } from './remotes.ts';
import { rulesOf } from './rules.ts';

const owner = { namespace: 'shop', name: 'global', uid: 'the-uid' };

describe('a cluster whose Secret is gone', () => {
  it('fails as often as it would be probed, and keeps its traffic until that is too often', async () => {
    const federation = aFederation({ clusters: [{ name: 'east', endpoint: 'https://east.example' }] });
    const rules = rulesOf(federation);
    const clock = new FakeClock();
    const remotes = new Remotes({ clock });
    const attention = {
      ...{ owner, rules, members: [{ name: 'east', fingerprint: 'f', place: 'p' }] },
      recalled: () => aDecision(federation, { east: 100 }),
    };
    const standings: (string | undefined)[] = [];
    for (let failure = 1; failure <= rules.failureThreshold; failure += 1) {
      standings.push(remotes.attend(attention).decision.standings['east']?.is);
      await clock.advance(rules.patience + seconds(0.001));
    }
    expect(standings).toEqual(['In', 'In', 'Out']);
  });
});
