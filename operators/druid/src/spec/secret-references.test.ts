import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasReference, referencesIn, withSecrets } from './secret-references.ts';

describe('references to Secrets', () => {
  it('are found wherever a text stands, each once', () => {
    const spec = { a: [`\${secret:kafka/user}`, { b: `x=\${secret:kafka/user} y=\${secret:tls.prod/ca.crt}` }] };
    expect(referencesIn(spec)).toEqual({
      references: [
        { name: 'kafka', key: 'user' },
        { name: 'tls.prod', key: 'ca.crt' },
      ],
      malformed: [],
    });
  });

  it.each(['', 'kafka', 'Kafka/user', 'kafka/', '/user', 'a/b/c', '../x/y', 'kafka/us er'])(
    'that name no Secret and key are malformed: "%s"',
    (written) => {
      const spec = { text: `\${secret:${written}}` };
      expect(referencesIn(spec)).toEqual({ references: [], malformed: [written] });
    },
  );

  it('are put in as they are, also values that look like patterns or references', () => {
    const spec = { text: `password="\${secret:kafka/p}";` };
    const values = new Map([['kafka/p', `$& $1 \${secret:kafka/p} "`]]);
    expect(withSecrets(spec, values)).toEqual({ text: `password="$& $1 \${secret:kafka/p} "";` });
  });

  it('without a value are an error that names the Secret', () => {
    expect(() => withSecrets({ text: `\${secret:kafka/p}` }, new Map())).toThrow('kafka/p');
  });

  it('change nothing else of a spec', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const spec = JSON.parse(JSON.stringify(object));
        fc.pre(!hasReference(JSON.stringify(spec)));
        expect(withSecrets(spec, new Map())).toEqual(spec);
      }),
    );
  });
});
