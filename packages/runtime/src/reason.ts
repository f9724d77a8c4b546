/** The longest reason an event may have (events.k8s.io/v1), and so the longest of ours. */
const LONGEST_REASON = 128;

/** Whether this is a machine word such as `StorageShrinkForbidden`: PascalCase, letters and digits, at most 128 of them. */
export function isReason(text: string): boolean {
  return text.length <= LONGEST_REASON && /^[A-Z][A-Za-z0-9]*$/.test(text);
}

/** @throws {TypeError} for a text that is no {@link isReason reason}; a mistake of the program, not of the user */
export function checkReason(text: string): void {
  if (isReason(text)) return;
  throw new TypeError(
    `"${text}" is no reason: use one word in PascalCase with at most ${LONGEST_REASON} letters and digits`,
  );
}
