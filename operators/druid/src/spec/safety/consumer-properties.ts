import type { Json, JsonObject } from '../../druid/druid-api.ts';
import { isJsonObject, placeText, valuesIn } from '../json-object.ts';
import { hasReference } from '../secret-references.ts';
import { typedPart } from '../typed-part.ts';
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
  /^(allow\.auto\.create\.topics|auto\.commit\.interval\.ms)$/,
];

/** Under this name, Druid gets further properties from elsewhere, which count like those beside it. */
const provider = 'druid.dynamic.config.provider';

/** The fields that hold such properties: of supervisors, and of lookups. */
const holders: readonly unknown[] = ['consumerProperties', 'kafkaProperties'];

/** Login modules that fetch code or answers from a host that the text names: CVE-2023-25194, CVE-2025-27818. */
const dangerousModule = /Jndi|Ldap(?:LoginModule|Realm)/i;

/** Why the consumer properties in a spec are not sent to Druid, with where they are; nothing of their values. */
export function unsafeConsumerProperties(spec: Json, rules: SafetyRules): readonly string[] {
  const problems: string[] = [];
  for (const place of valuesIn(spec)) {
    const { key, value } = place;
    if (holders.includes(key) && isJsonObject(value))
      problems.push(...propertyProblems(placeText(place), value, rules));
  }
  return problems;
}

function propertyProblems(place: string, properties: JsonObject, rules: SafetyRules): readonly string[] {
  return Object.entries(properties).flatMap(([name, value]) => problemsOf(`${place}["${name}"]`, name, value, rules));
}

function problemsOf(place: string, name: string, value: Json, rules: SafetyRules): readonly string[] {
  if (rules.allowedConsumerProperties.includes(name)) return [];
  if (name === provider) return providerProblems(place, value, rules);
  if (!harmless.some((pattern) => pattern.test(name)))
    return [
      `${place} is no consumer property that tenants may set; the operator's flag --allow-consumer-property ${name} would allow it`,
    ];
  if (name !== 'sasl.jaas.config') return [];
  const isSecret = typeof value === 'string' && hasReference(value);
  return isSecret ? [] : [`${place} must come from a Secret: write \${secret:name/key}`];
}

/** A provider that holds what it provides is as good as the properties in it; any other one may provide anything. */
function providerProblems(place: string, value: Json, rules: SafetyRules): readonly string[] {
  if (rules.allowedConsumerProperties.includes(provider)) return [];
  const part = typedPart(value);
  const config = part?.type === 'mapString' ? part.fields['config'] : undefined;
  if (isJsonObject(config)) return propertyProblems(`${place}.config`, config, rules);
  return [
    `${place} may only be of type mapString, with its config; the operator's flag --allow-consumer-property ${provider} would allow others`,
  ];
}

/** Why a spec with its references put in is not sent to Druid; nothing of its values. */
export function unsafeLoginModules(filled: Json): readonly string[] {
  const problems: string[] = [];
  for (const place of valuesIn(filled)) {
    const isLogin = String(place.key).endsWith('sasl.jaas.config');
    if (isLogin && typeof place.value === 'string' && dangerousModule.test(place.value))
      problems.push(`${placeText(place)} names a login module that loads code from another host`);
  }
  return problems;
}
