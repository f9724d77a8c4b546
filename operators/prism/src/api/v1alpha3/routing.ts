import { stringEnum, Type, withDefault } from '@capstan/crd';

const seconds = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

const band = Type.Object(
  {
    percent: withDefault(
      Type.Integer({ minimum: 0, maximum: 95, description: 'By so many percent of the latency of the present one.' }),
      20,
    ),
    milliseconds: withDefault(
      Type.Integer({ minimum: 0, maximum: 10_000, description: 'And by so many milliseconds.' }),
      5,
    ),
  },
  { description: 'How much faster another cluster must be for the strategy latency-based to go there.' },
);

const probe = Type.Object(
  {
    intervalSeconds: withDefault(seconds(1, 300, 'Seconds between two probes of a cluster.'), 5),
    timeoutSeconds: withDefault(seconds(1, 60, 'Seconds after which a probe without an answer has failed.'), 3),
  },
  { description: 'How clusters are probed.' },
);

/** How traffic is routed. */
export const routing = Type.Object(
  {
    strategy: withDefault(
      stringEnum(['latency-based', 'weighted', 'priority'], {
        description:
          'latency-based: all traffic to the healthy cluster with the lowest latency, as this controller measures it. weighted: to all healthy ones by weight. priority: to the healthy ones with the smallest priority, by weight.',
      }),
      'latency-based',
    ),
    failover: withDefault(
      stringEnum(['enabled', 'disabled'], {
        description: 'Whether traffic leaves clusters that fail. disabled: that they failed is only told.',
      }),
      'enabled',
    ),
    failureThreshold: withDefault(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Probes that must fail in a row before traffic leaves a cluster.',
      }),
      3,
    ),
    successThreshold: withDefault(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Probes that must succeed in a row before traffic comes back to it.',
      }),
      3,
    ),
    holdSeconds: withDefault(
      seconds(
        0,
        86_400,
        'Seconds that a cluster which failed stays without traffic at least, and that traffic stays where it went by latency.',
      ),
      60,
    ),
    latencyBand: withDefault(band, {}),
    probe: withDefault(probe, {}),
  },
  { description: 'How traffic follows what is observed of the clusters.' },
);
