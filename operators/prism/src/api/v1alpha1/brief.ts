import type { TSchema } from '@capstan/crd';

/**
 * The same schema with next to no words about what is inside it: for types of Kubernetes that stand in many places. With all of
 * their descriptions the CustomResourceDefinition would be larger than the 262,144 bytes that `kubectl apply` can remember.
 */
export function brief<Schema extends TSchema>(schema: Schema): Schema {
  const { properties = {} } = schema as { readonly properties?: object };
  const value: unknown = JSON.parse(JSON.stringify(properties, inBrief));
  const copy: object = Object.create(null, Object.getOwnPropertyDescriptors(schema));
  return Object.defineProperty(copy, 'properties', { value, enumerable: true }) as Schema; // every other member is as it was
}

function inBrief(key: string, value: unknown): unknown {
  return key === 'description' && typeof value === 'string' ? 'As in a pod.' : value;
}
