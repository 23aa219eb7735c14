"use strict";

// Dialogs by keyboard: what is asked first has the focus, Tab stays inside, and Esc or closing gives the focus back.
(() => {
  const focusable = 'a[href], button:not([disabled]), input:not([type="hidden"]):not([disabled]), select, textarea';
  let opener = null;

  const content = () => document.getElementById("modal-content");
  const shown = (element) => element !== null && element.offsetParent !== null;
  const inside = () => [...content().querySelectorAll(focusable)].filter((element) => element.offsetParent !== null);

  document.addEventListener("click", (event) => {
    const link = event.target.closest('[hx-target="#modal-content"]');
    if (link) opener = link;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (!content() || !(content() === target || content().contains(target) || target.id === "dialog")) return;
    // The theme shows the dialog a moment after it is there.
    requestAnimationFrame(() => {
      const fields = inside().filter((element) => element.matches("input, select, textarea"));
      const first = fields[0] || inside().find((element) => !element.matches(".desk-close"));
      if (first) first.focus();
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || !shown(content())) return;
    const all = inside();
    if (all.length === 0) return;
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge || !content().contains(document.activeElement)) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0]).focus();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!content()) return;
    new MutationObserver(() => {
      if (shown(content()) || !opener) return;
      opener.focus();
      opener = null;
      content().replaceChildren(); // what was revealed does not stay in the page
    }).observe(content().parentElement, { attributes: true, attributeFilter: ["style"] });
  });
})();
