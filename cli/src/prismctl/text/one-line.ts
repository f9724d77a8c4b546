/** A text in one line, without control characters: what the server says must not move the cursor of who reads it. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/\p{Cc}/gu, ' ');
}
