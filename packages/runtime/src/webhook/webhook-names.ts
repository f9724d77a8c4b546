/** The name of the Service by which API servers call the webhooks of an operator. */
export function webhookServiceName(name: string): string {
  return `${name}-webhook`;
}

/** The name of the Secret in which an operator keeps the certificates of its webhooks. */
export function webhookSecretName(name: string): string {
  return `${name}-webhook-tls`;
}
