import { dashboards } from '../../operators/streambus/scripts/dashboards/dashboards.ts';
import { operatorInstalls } from '../operator-installs.ts';
import type { OperatorChart } from './operator-chart.ts';
import { schemas } from './values/value.ts';

/** The chart of the StreamBus operator. */
export const streamBusChart: OperatorChart = {
  install: operatorInstalls.streambus,
  description: 'The operator of StreamBus clusters',
  keywords: ['streambus', 'operator', 'messaging'],
  dashboards: dashboards(),
  values: {
    agentImage: {
      about:
        "Image of the agent beside a broker's proxy; the one that this version of the operator was tested with unless told. Another one restarts the pods of secured clusters.",
      default: '',
      schema: schemas.text,
    },
    lingerImage: {
      about:
        'Image of the container that outlives a broker, for a registry of your own; registry.k8s.io/pause unless told.',
      default: '',
      schema: schemas.text,
    },
    dashboards: {
      about: 'Dashboards for Grafana, as ConfigMaps that its sidecar finds.',
      values: {
        enabled: { about: 'Whether they are made.', default: false, schema: schemas.boolean },
        namespace: {
          about: 'Where; the namespace of the release unless told.',
          default: '',
          schema: schemas.text,
        },
        labels: {
          about: 'Labels by which the sidecar finds them.',
          default: { grafana_dashboard: '1' },
          schema: schemas.stringMap,
        },
        annotations: {
          about: 'Annotations, such as grafana_folder.',
          default: {},
          schema: schemas.stringMap,
        },
      },
    },
  },
  remarks: [],
};
