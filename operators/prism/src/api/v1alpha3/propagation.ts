import { freeForm, rule, stringEnum, Type, withDefault } from '@capstan/crd';

/** Which PrismClusters are made. */
export const propagation = Type.Object(
  {
    policy: withDefault(
      stringEnum(['Observe', 'Propagate'], {
        description:
          'Observe: the PrismClusters of the remote clusters are only read. Propagate: they are made and kept as the template says, with the overrides of each cluster.',
      }),
      'Observe',
    ),
    template: Type.Optional(
      freeForm({
        description: 'The spec of the PrismClusters that are propagated. Checked as that of a PrismCluster is.',
      }),
    ),
    from: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            maxLength: 40,
            pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
            description: 'Name of the PrismCluster.',
          }),
        },
        { description: 'A PrismCluster of the same namespace whose spec is propagated, instead of a template.' },
      ),
    ),
    removalPolicy: withDefault(
      stringEnum(['Retain', 'Delete'], {
        description:
          'What becomes of the PrismClusters that were propagated when the federation is deleted. A cluster that is taken out of the list keeps its PrismCluster in any case.',
      }),
      'Retain',
    ),
  },
  {
    description: 'Whether PrismClusters are only observed, or made as well.',
    rules: [
      rule(
        "!has(self.policy) || self.policy != 'Propagate' || has(self.template) || has(self.from)",
        'needs a template or from: they say what is propagated',
      ),
      rule('!has(self.template) || !has(self.from)', 'cannot have a template and from: leave one of them out'),
    ],
  },
);
