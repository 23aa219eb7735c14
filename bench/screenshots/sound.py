"""Whether a page is drawn soundly: nothing sticks out, nothing is cut off, no control without a style."""

from playwright.sync_api import Page

# Texts for screen readers are one pixel wide on purpose, and what scrolls shows everything.
_FLAWS = """
() => {
  const found = [], root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} of ${root.clientWidth} px wide`);
  const told = (element) => {
    const text = (element.innerText || element.value || "").trim().replace(/\\s+/g, " ").slice(0, 40);
    return `${element.tagName.toLowerCase()}.${String(element.className).split(" ").slice(0, 3).join(".")} “${text}”`;
  };
  const scrolls = (style) => [style.overflowX, style.overflowY].some((way) => ["auto", "scroll"].includes(way));
  const cut = (style, axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
  // The nearest box with a frame around it, unless what is between them scrolls.
  const frame = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (scrolls(style) || style.position === "fixed") return null;
      if (parseFloat(style.borderRightWidth) > 0) return box;
    }
    return null;
  };
  const words = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element), tag = element.tagName;
    if (element.matches("option, svg *, .select2-hidden-accessible, select[multiple]")) continue;
    const over_x = element.scrollWidth - element.clientWidth, wide = element.clientWidth > 4 && over_x > 1;
    if (wide && cut(style, "X")) found.push(`cut off by ${over_x} px: ${told(element)}`);
    const high = element.clientHeight > 4 && element.scrollHeight > element.clientHeight + 3 && tag !== "TEXTAREA";
    if (high && cut(style, "Y") && element.innerText?.trim())
      found.push(`cut off by ${element.scrollHeight - element.clientHeight} px of its height: ${told(element)}`);
    const control = ["INPUT", "SELECT", "TEXTAREA", "BUTTON"].includes(tag) && element.clientWidth > 4;
    if (wide && style.overflowX === "visible" && words(element) && !control)
      found.push(`sticks out by ${over_x} px: ${told(element)}`);
    const box = control || words(element) ? frame(element) : null;
    const over = box ? Math.round(element.getBoundingClientRect().right - box.getBoundingClientRect().right) : 0;
    if (over > 1 && style.position !== "absolute") found.push(`sticks out of its box by ${over} px: ${told(element)}`);
    if (control && ["inset", "outset"].includes(style.borderTopStyle)) found.push(`unstyled: ${told(element)}`);
  }
  return found;
}
"""
_SETTLED = """
() => document.fonts.ready.then(() => document.getAnimations().forEach((animation) => {
  try { animation.finish(); } catch { animation.cancel(); }
}))
"""


class Unsound(Exception):
    """A page that is about to be pictured sticks out, is cut off, or has a bare control; the message names each."""


def settle(page: Page) -> None:
    """Until scripts, fonts, requests of forms and transitions are through."""
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.evaluate(_SETTLED)


def flaws(page: Page) -> list[str]:
    """What sticks out, is cut off, or has no style, as the page is now."""
    found: list[str] = page.evaluate(_FLAWS)
    return found
