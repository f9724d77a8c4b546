import type { Json, JsonObject } from '../../druid/druid-api.ts';
import { isJsonObject, placeText, valuesIn } from '../json-object.ts';
import { hasReference } from '../secret-references.ts';
import type { SafetyRules } from './safety-rules.ts';

/**
 * Consumer properties that reach no other host, load no class and read no file but key stores.
 * https://kafka.apache.org/documentation/#consumerconfigs
 */
const harmless: readonly RegExp[] = [
  /^bootstrap\.servers$/,
  /^security\.protocol$/,
  /^sasl\.(mechanism|jaas\.config|kerberos\.[a-z.]+)$/,
  /^sasl\.login\.(refresh|retry|connect|read)\.[a-z.]+$/,
  /^ssl\.(?!engine)[a-z.]+$/,
  /^client\.(id|rack|dns\.lookup)$/,
  /^group\.(id|instance\.id)$/,
  /^(fetch|max|session|heartbeat|request|receive|send|reconnect|retry|metadata|connections|default|socket)\.[a-z.]+$/,
  /^(auto\.offset\.reset|isolation\.level|enable\.auto\.commit|check\.crcs|exclude\.internal\.topics)$/,
  /^(allow\.auto\.create\.topics|auto\.commit\.interval\.ms|druid\.dynamic\.config\.provider)$/,
];

/** Login modules that fetch code or answers from a host that the text names: CVE-2023-25194, CVE-2025-27818. */
const dangerousModule = /Jndi|Ldap(?:LoginModule|Realm)/i;

/** Why the consumer properties in a spec are not sent to Druid, with where they are; nothing of their values. */
export function unsafeConsumerProperties(spec: JsonObject, rules: SafetyRules): readonly string[] {
  return [...valuesIn(spec)].flatMap(([path, value]) => {
    if (path.at(-1) !== 'consumerProperties' || !isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([name, inner]) =>
      problemsOf(`${placeText(path)}["${name}"]`, name, inner, rules),
    );
  });
}

function problemsOf(place: string, name: string, value: Json, rules: SafetyRules): readonly string[] {
  const isAllowed = rules.allowedConsumerProperties.includes(name);
  const isKnown = isAllowed || harmless.some((pattern) => pattern.test(name));
  if (!isKnown)
    return [
      `${place} is no consumer property that tenants may set; the operator's flag --allow-consumer-property ${name} would allow it`,
    ];
  if (!name.endsWith('sasl.jaas.config') || isAllowed) return [];
  const isSecret = typeof value === 'string' && hasReference(value);
  return isSecret ? [] : [`${place} must come from a Secret: write \${secret:name/key}`];
}

/** Why a spec with its references put in is not sent to Druid; nothing of its values. */
export function unsafeLoginModules(filled: JsonObject): readonly string[] {
  return [...valuesIn(filled)].flatMap(([path, value]) => {
    const isLogin = String(path.at(-1)).endsWith('sasl.jaas.config');
    const isDangerous = isLogin && typeof value === 'string' && dangerousModule.test(value);
    return isDangerous ? [`${placeText(path)} names a login module that loads code from another host`] : [];
  });
}
