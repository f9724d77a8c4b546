// Runs in the page. Source of the formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const grounds = (element) => {
    const above = element.parentElement === null ? [] : grounds(element.parentElement);
    return [...above, getComputedStyle(element).backgroundColor];
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest('.unseen, [disabled]');
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || element.closest('script, style') || !isSeen(element)) continue;
    const ground = paint(grounds(element));
    const text = paint([`rgb(${ground.join()})`, getComputedStyle(element).color]);
    const [darker, lighter] = [luminance(ground), luminance(text)].sort((a, b) => a - b);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    if (ratio < 4.5) found.push(`${node.data.trim()} (${element.className}): ${ratio.toFixed(2)}`);
  }
  return found;
})();
