// @ts-check
/** The only way this page makes elements: text goes in as text, so no name or message can become markup or run. */

/** @typedef {string | number | boolean | undefined | ((event: Event) => void)} Attribute */
/** @typedef {Node | string | undefined | false} Child */

/**
 * An element with attributes and children. `true` sets an empty attribute, `false` and `undefined` leave it out, and a function
 * under `onclick` listens to `click`.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Readonly<Record<string, Attribute>>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {Attribute} value
 */
function setAttribute(element, name, value) {
  if (typeof value === 'function') element.addEventListener(name.slice('on'.length), value);
  else if (value === true) element.setAttribute(name, '');
  else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
}

/**
 * A drawing of 16 by 16 in the colour of the text around it, hidden from screen readers: words stand beside it.
 * @param {string} className
 * @param {readonly (readonly [tag: 'path' | 'circle' | 'rect', attributes: Readonly<Record<string, string | number>>])[]} shapes
 * @returns {SVGSVGElement}
 */
export function drawing(className, shapes) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const frame = { class: `icon ${className}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' };
  for (const [name, value] of Object.entries(frame)) svg.setAttribute(name, value);
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
    svg.append(shape);
  }
  return svg;
}

/**
 * The element of index.html with this id.
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} type
 * @returns {E}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} with the id ${id}`);
  return element;
}

/**
 * Sets a text only where it differs, so that nothing is announced or laid out anew without need.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
