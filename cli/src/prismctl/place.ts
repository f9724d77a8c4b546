import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { asSentence } from './failures.ts';

/** How a cluster is reached, as the flags of kubectl say it. */
export interface PlaceOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
}

/** Where to look. */
export interface Place {
  readonly client: KubeClient;
  /** The namespace that was named, else the one of the kubeconfig. */
  readonly namespace: string;
  readonly isEverywhere: boolean;
}

/**
 * Does something at the place that the options say.
 * @throws {UserError} for what people meet: a server that does not answer, a kind that is not installed, a permission that is missing
 * @throws {KubeConfigError} when the kubeconfig cannot be used
 */
export async function at<T>(options: PlaceOptions, act: (place: Place) => Promise<T>): Promise<T> {
  const { kubeconfig, context, namespace, allNamespaces: isEverywhere = false } = options;
  const connection = await loadKubeConfig({ path: kubeconfig, context });
  const client = createClient(connection, { userAgent: 'prismctl' });
  const place = { client, namespace: namespace ?? connection.namespace, isEverywhere };
  try {
    return await act(place);
  } catch (error) {
    const { server } = connection;
    throw asSentence(error, { server, ...(!isEverywhere && { namespace: place.namespace }) });
  } finally {
    await client.close();
  }
}
