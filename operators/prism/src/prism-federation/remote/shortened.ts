/** A text from outside, cut to so many characters; what is cut off shows as an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text.slice(0, 2 * length + 1)]; // a character has at most two units
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
