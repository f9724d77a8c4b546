/** The icon of an operator, as base64 of an SVG: a capstan in a colour such as `#2f6fde`, as seen from above. */
export function icon(colour: string): string {
  const bars = [0, 60, 120].map((turn) => `<path d="M8 64h112" transform="rotate(${turn} 64 64)"/>`).join('');
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" fill="none" stroke="${colour}" stroke-width="10" stroke-linecap="round">` +
    `${bars}<circle cx="64" cy="64" r="26" fill="#fff"/><circle cx="64" cy="64" r="6" fill="currentColor"/></svg>`;
  return Buffer.from(svg).toString('base64');
}
