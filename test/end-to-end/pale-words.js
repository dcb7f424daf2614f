// Evaluated in a page: its words whose contrast to what is behind them is below 4.5, as WCAG 2.2 AA asks.
(() => {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = color.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

  /** All that may be behind it: a gradient is each of its colours. */
  function behind(element) {
    if (!element) return [[255, 255, 255]];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const gradient = (backgroundImage.match(/rgba?\([^)]*\)/g) ?? []).map(channels).filter((color) => color[3] !== 0);
    if (gradient.length > 0) return gradient;
    const color = channels(backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : [color];
  }

  const hasWords = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  const isSeen = (element) => element.checkVisibility() && !element.closest('.hidden, noscript, :disabled');
  return [...document.querySelectorAll('body *')]
    .filter((element) => hasWords(element) && isSeen(element))
    .flatMap((element) => {
      const ink = luminance(channels(getComputedStyle(element).color));
      const worst = Math.min(...behind(element).map((ground) => contrast(ink, luminance(ground))));
      return worst < 4.5 ? [`${worst.toFixed(2)}: ${element.textContent}`] : [];
    });
})();
