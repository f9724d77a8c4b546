import { Pod, Secret } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { mapped, referenced } from './watched-kind.ts';

describe('the declaration of a watch', () => {
  it('is refused where the contents of Secrets would stay in memory, whatever is kept of them', () => {
    expect(() => referenced(Secret, () => [], { mode: 'full' })).toThrow('use pass.read');
    expect(() => mapped(Secret, () => [], { mode: 'full', keep: (secret) => secret })).toThrow('use pass.read');
  });

  it('is refused with an empty label selector, which would mean every object', () => {
    expect(() => mapped(Pod, () => [], { labelSelector: '' })).toThrow('the label selector of Pod is empty');
  });

  it('says no more than it is asked', () => {
    const map = () => [];
    expect(mapped(Pod, map)).toEqual({ by: 'kind', type: Pod, mode: 'metadata', map });
    expect(mapped(Pod, map, { labelSelector: 'app=web' })).toMatchObject({ labelSelector: 'app=web' });
  });
});
